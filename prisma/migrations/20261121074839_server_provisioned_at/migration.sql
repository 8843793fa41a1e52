-- AlterTable
ALTER TABLE "Server" ADD COLUMN     "provisionedAt" TIMESTAMPTZ(3);
