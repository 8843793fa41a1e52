import { close, fdatasync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import type { TokenKind, UsageBucket } from "@berth/contracts";

export type TokenCounts = Record<TokenKind, number>;
export const noTokens: TokenCounts = { input: 0, output: 0, cache_read: 0, cache_write: 0 };
export const tokenKinds = ["input", "output", "cache_read", "cache_write"] as const satisfies TokenKind[];

/** A call that has been let go and has not been booked. */
export interface OpenCall {
  seq: number;
  agent: string;
  provider: string;
  model: string;
  /** Upper bound of what the call can cost, all kinds together. */
  reserved: number;
  /** Booked if the process dies before the provider's numbers arrive. */
  fallback: TokenCounts;
}

/** What one write does: new calls, ended calls, and what these add to the hours' buckets. */
export interface LedgerWrite {
  opened: OpenCall[];
  ended: number[];
  added: UsageBucket[];
  estimated: Estimates;
}

/** Calls that were booked by a guess, and what was booked for them. */
export interface Estimates {
  calls: number;
  tokens: number;
}

const schema = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  DROP TABLE IF EXISTS calls;
  CREATE TABLE IF NOT EXISTS open_calls (
    seq INTEGER PRIMARY KEY, agent TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, reserved INTEGER NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS buckets (
    hour TEXT NOT NULL, agent TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL,
    tokens INTEGER NOT NULL, PRIMARY KEY (hour, agent, provider, model, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS estimates (
    only INTEGER PRIMARY KEY CHECK (only = 1), calls INTEGER NOT NULL, tokens INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO estimates VALUES (1, 0, 0);
`;

const statementsOf = (db: DatabaseSync) => ({
  open: db.prepare("INSERT INTO open_calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
  end: db.prepare("DELETE FROM open_calls WHERE seq = ?"),
  add: db.prepare(
    `INSERT INTO buckets (hour, agent, provider, model, kind, tokens) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens`,
  ),
  estimate: db.prepare("UPDATE estimates SET calls = calls + ?, tokens = tokens + ?"),
  estimates: db.prepare("SELECT calls, tokens FROM estimates"),
  openCalls: db.prepare("SELECT * FROM open_calls ORDER BY seq"),
  monthTotal: db.prepare("SELECT coalesce(sum(tokens), 0) AS total FROM buckets WHERE hour >= ?"),
  bucketsFrom: db.prepare(
    `SELECT hour, agent, provider, model, kind, tokens FROM buckets WHERE hour >= ?
     ORDER BY hour, agent, provider, model, kind`,
  ),
});

const dataSync = promisify(fdatasync);

/** Where a ledger is kept. */
export interface LedgerStore {
  /** All of it or nothing. Throws what the file system throws (a full disk). */
  write(write: LedgerWrite): void;
  /** All that was written is on the disk. */
  flushed(): Promise<void>;
  openCalls(): OpenCall[];
  /** Sum of all kinds from this hour on. */
  tokensFrom(hour: string): number;
  bucketsFrom(hour: string): UsageBucket[];
  /** Since the file was made. */
  estimates(): Estimates;
  close(): void;
}

/**
 * The ledger's file, `usage.db`, open for this process alone: a second proxy would admit calls that this one cannot see. A write is one transaction and survives the death of this process once `write` returns
 * (WAL, `synchronous = NORMAL`: it is with the kernel). It survives a power cut once `flushed` resolves: the WAL file is
 * then on the disk. That wait is outside of SQLite and off this thread, so one slow disk does not stop every call.
 */
export class LedgerFile implements LedgerStore {
  readonly #db: DatabaseSync;
  readonly #run: ReturnType<typeof statementsOf>;
  readonly #wal: number;

  constructor(stateDir: string) {
    const file = join(stateDir, "usage.db");
    this.#db = new DatabaseSync(file);
    this.#db.exec(schema);
    this.#run = statementsOf(this.#db);
    // Writes the WAL once in full, so that it and its name are on the disk before anything relies on them.
    this.#db.exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT");
    this.#db.exec("PRAGMA synchronous = NORMAL");
    this.#wal = openSync(`${file}-wal`, "r+");
  }

  write({ opened, ended, added, estimated }: LedgerWrite): void {
    const { open, end, add, estimate } = this.#run;
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      // Changes a page even if there is nothing else to write: it shows whether the disk takes anything.
      if (opened.length + ended.length === 0) this.#db.exec("PRAGMA user_version = 1");
      for (const { seq, agent, provider, model, reserved, fallback } of opened) {
        open.run(seq, agent, provider, model, reserved, ...tokenKinds.map((kind) => fallback[kind]));
      }
      for (const seq of ended) end.run(seq);
      for (const { hour, agent, provider, model, kind, tokens } of added)
        add.run(hour, agent, provider, model, kind, tokens);
      if (estimated.calls > 0) estimate.run(estimated.calls, estimated.tokens);
      this.#db.exec("COMMIT");
    } catch (error) {
      // A full disk may have ended the transaction by itself.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  flushed(): Promise<void> {
    return dataSync(this.#wal);
  }

  openCalls(): OpenCall[] {
    return this.#run.openCalls.all().map((row) => {
      const { seq, agent, provider, model, reserved, ...fallback } = row;
      // The table is written by `write` alone; its columns are those of an open call and of the four kinds.
      return { seq, agent, provider, model, reserved, fallback } as unknown as OpenCall;
    });
  }

  tokensFrom(hour: string): number {
    return Number(this.#run.monthTotal.get(hour)?.total ?? 0);
  }

  bucketsFrom(hour: string): UsageBucket[] {
    // The columns are those of a bucket; the table is written by `write` alone.
    return this.#run.bucketsFrom.all(hour).map((row) => ({ ...row })) as unknown as UsageBucket[];
  }

  estimates(): Estimates {
    const row = this.#run.estimates.get();
    return { calls: Number(row?.calls ?? 0), tokens: Number(row?.tokens ?? 0) };
  }

  close(): void {
    this.#db.close();
    close(this.#wal);
  }
}
