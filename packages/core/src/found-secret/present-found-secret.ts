import { FoundSecret } from "@berth/contracts";
import type { FoundSecret as FoundSecretRow } from "@berth/db";

/** A row as people see it. */
export const presentFoundSecret = (row: FoundSecretRow): FoundSecret =>
  FoundSecret.parse({
    ...row,
    seenIn: row.tool === null ? { kind: "chat" } : { kind: "tool", tool: row.tool },
    foundAt: row.foundAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
  });
