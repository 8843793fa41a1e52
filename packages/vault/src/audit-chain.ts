import { type Clock, canonicalJson, sha256Hex } from "@berth/platform";
import { z } from "zod";
import type { EncryptedDatabase } from "./encrypted-database.ts";

export const AuditAction = z.enum(["set", "reveal", "hand_over", "remove"]);
export type AuditAction = z.infer<typeof AuditAction>;

/** One thing that happened to a secret. `purpose`: in words, e.g. `run_command` or `http_request api.example.com`. */
export interface AuditEntry {
  seq: number;
  at: number;
  action: AuditAction;
  name: string;
  version: number;
  purpose: string;
}

const AuditRow = z.object({
  seq: z.int(),
  at: z.int(),
  action: AuditAction,
  name: z.string(),
  version: z.int(),
  purpose: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
const AuditHead = z.object({ seq: z.int(), hash: z.string() });

const firstHash = "0".repeat(64);
const hashOf = (entry: AuditEntry, previousHash: string): string =>
  sha256Hex(canonicalJson({ ...entry, previousHash }));

/** Each row carries the hash of the one before it; the head is kept apart, so that a cut-off tail shows too. */
export function createAuditChain(db: EncryptedDatabase, clock: Clock) {
  const head = (): z.infer<typeof AuditHead> =>
    AuditHead.optional().parse(db.prepare("SELECT seq, hash FROM audit_head WHERE only = 1").get()) ?? {
      seq: 0,
      hash: firstHash,
    };
  const rows = (): z.infer<typeof AuditRow>[] =>
    z.array(AuditRow).parse(db.prepare("SELECT * FROM audit ORDER BY seq").all());

  return {
    append(input: Pick<AuditEntry, "action" | "name" | "version" | "purpose">): void {
      const last = head();
      const entry: AuditEntry = { seq: last.seq + 1, at: clock.now(), ...input };
      const hash = hashOf(entry, last.hash);
      db.prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)").run(
        entry.seq,
        entry.at,
        entry.action,
        entry.name,
        entry.version,
        entry.purpose,
        last.hash,
        hash,
      );
      db.prepare("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?)").run(entry.seq, hash);
    },
    list: (): AuditEntry[] =>
      rows().map(({ seq, at, action, name, version, purpose }) => ({ seq, at, action, name, version, purpose })),
    /** The sequence number of the first row that was changed, removed or put in; null if the chain is whole. */
    findBreak(): number | null {
      let previous = firstHash;
      let seq = 0;
      for (const { previous_hash, hash, ...entry } of rows()) {
        seq += 1;
        if (entry.seq !== seq || previous_hash !== previous || hash !== hashOf(entry, previous)) return seq;
        previous = hash;
      }
      return head().seq === seq && head().hash === previous ? null : seq + 1;
    },
  };
}
