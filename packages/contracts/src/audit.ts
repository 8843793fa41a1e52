import { z } from "zod";
import { Sha256Hex, Timestamp } from "./primitives.ts";

/** One row of the audit log, as staff see it. */
export const AuditEntry = z.object({
  id: z.string(),
  at: Timestamp,
  chain: z.string(),
  position: z.int().positive(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  action: z.string(),
  entity: z.string(),
  entityId: z.string(),
  organizationId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  hash: Sha256Hex,
});
export type AuditEntry = z.infer<typeof AuditEntry>;
