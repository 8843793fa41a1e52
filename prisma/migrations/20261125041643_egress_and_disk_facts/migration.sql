-- AlterTable
ALTER TABLE "Tenant" ADD COLUMN     "disk" JSONB,
ADD COLUMN     "egress" JSONB,
ADD COLUMN     "refusalsAlertedAt" TIMESTAMPTZ(3);
