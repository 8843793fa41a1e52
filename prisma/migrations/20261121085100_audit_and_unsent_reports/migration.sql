-- DropIndex
DROP INDEX "AuditEvent_entity_entityId_idx";

-- CreateIndex
CREATE INDEX "AuditEvent_entityId_id_idx" ON "AuditEvent"("entityId", "id");

-- By hand: the sweep asks often for the few reports that did not arrive.
CREATE INDEX "MeterReport_unsent_idx" ON "MeterReport" ("createdAt") WHERE "sentAt" IS NULL;

-- By hand: emptying the log is a change too.
CREATE TRIGGER "AuditEvent_not_emptied" BEFORE TRUNCATE ON "AuditEvent"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
