-- CreateEnum
CREATE TYPE "FoundSecretState" AS ENUM ('waiting', 'keeping', 'dismissing', 'kept', 'dismissed', 'expired');

-- AlterTable
ALTER TABLE "Tenant" ADD COLUMN     "secretNames" JSONB,
ADD COLUMN     "secretNamesAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "FoundSecret" (
    "id" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "sessionKey" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "vendor" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "tool" TEXT,
    "length" INTEGER NOT NULL,
    "suggestedName" TEXT NOT NULL,
    "foundAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "state" "FoundSecretState" NOT NULL DEFAULT 'waiting',
    "name" TEXT,
    "decidedBy" TEXT,
    "decidedAt" TIMESTAMPTZ(3),
    "problem" TEXT,
    "settledAt" TIMESTAMPTZ(3),
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "FoundSecret_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "FoundSecret_tenantId_state_id_idx" ON "FoundSecret"("tenantId", "state", "id");

-- CreateIndex
CREATE INDEX "FoundSecret_state_expiresAt_idx" ON "FoundSecret"("state", "expiresAt");

-- AddForeignKey
ALTER TABLE "FoundSecret" ADD CONSTRAINT "FoundSecret_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FoundSecret" ADD CONSTRAINT "FoundSecret_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
