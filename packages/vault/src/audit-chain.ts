import { type Clock, canonicalJson, sha256Hex } from "@berth/platform";
import { z } from "zod";
import type { EncryptedDatabase } from "./encrypted-database.ts";

export const AuditAction = z.enum([
  "set",
  "rotate",
  "bind",
  "reveal",
  "hand_over",
  "remove",
  "rekey",
  "recovery_key",
  "backup",
  "restore",
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** One thing that happened to a secret. `purpose`: in words, e.g. `run_command` or `http_request api.example.com`. */
export interface AuditEntry {
  seq: number;
  at: number;
  action: AuditAction;
  /** `*` for what concerns all. */
  name: string;
  version: number;
  purpose: string;
}

/** The newest row: its number (0 before the first) and its hash, which depends on every row before it. */
export const AuditHead = z.object({ seq: z.int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = z.infer<typeof AuditHead>;

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
type AuditRow = z.infer<typeof AuditRow>;

const beforeFirst: AuditHead = { seq: 0, hash: "0".repeat(64) };
const rowsAtOnce = 1000;

const hashOf = (entry: AuditEntry, previousHash: string): string =>
  sha256Hex(canonicalJson({ ...entry, previousHash }));

/** Each row carries the hash of the one before it; the head is kept apart, so that a cut-off tail shows too. */
export function createAuditChain(db: Pick<EncryptedDatabase, "prepare">, clock: Clock) {
  const head = (): AuditHead =>
    AuditHead.optional().parse(db.prepare("SELECT seq, hash FROM audit_head WHERE only = 1").get()) ?? beforeFirst;
  // By rowid, which is `seq`: also what was numbered below the first row is read.
  function* rows(): Generator {
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const some = db.prepare("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?").all(after, rowsAtOnce);
      yield* some;
      if (some.length < rowsAtOnce) return;
      after = z.object({ seq: z.int() }).parse(some.at(-1)).seq;
    }
  }

  return {
    head,
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
    list: (): AuditEntry[] => [...rows()].map((row) => entryOf(AuditRow.parse(row))),
    /** False if the chain does not hold this head that was noted earlier: then it was cut, or is another chain. */
    holds: ({ seq, hash }: AuditHead): boolean =>
      seq === 0
        ? hash === beforeFirst.hash
        : z.object({ hash: z.string() }).safeParse(db.prepare("SELECT hash FROM audit WHERE seq = ?").get(seq)).data
            ?.hash === hash,
    /** The sequence number of the first row that was changed, removed, moved or put in; null if the chain is whole. */
    findBreak(): number | null {
      let last = beforeFirst;
      for (const row of rows()) {
        const seq = last.seq + 1;
        const parsed = AuditRow.safeParse(row);
        if (!parsed.success || !follows(parsed.data, last)) return seq;
        last = { seq, hash: parsed.data.hash };
      }
      const noted = head();
      return noted.seq === last.seq && noted.hash === last.hash ? null : last.seq + 1;
    },
  };
}
export type AuditChain = ReturnType<typeof createAuditChain>;

const entryOf = ({ seq, at, action, name, version, purpose }: AuditRow): AuditEntry => ({
  seq,
  at,
  action,
  name,
  version,
  purpose,
});

const follows = (row: AuditRow, last: AuditHead): boolean =>
  row.seq === last.seq + 1 && row.previous_hash === last.hash && row.hash === hashOf(entryOf(row), last.hash);
