import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ProxyUsage, TokenKind, UsageBucket } from "@berth/contracts";
import { type Clock, isoOf } from "@berth/platform";

export type TokenCounts = Record<TokenKind, number>;

interface CallStart {
  callId: string;
  agent: string;
  provider: string;
  model: string;
  /** Upper bound of what the call can cost, all kinds together. */
  reserved: number;
  /** Booked if the process dies before the provider's numbers arrive. */
  fallback: TokenCounts;
}

export interface UsageLedger {
  /** Writes the call down as open. False, and nothing written, if it could go past the month's budget. */
  reserve(call: CallStart, tokensPerMonth: number | null): boolean;
  /** Books the call into the running hour, durably, once: a second time changes nothing. */
  settle(callId: string, counts: TokenCounts, estimated: boolean): void;
  usage(fromHour: string | null): ProxyUsage;
  close(): void;
}

export const noTokens: TokenCounts = { input: 0, output: 0, cache_read: 0, cache_write: 0 };
const kinds = ["input", "output", "cache_read", "cache_write"] as const satisfies TokenKind[];

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS calls (
    call_id TEXT PRIMARY KEY, agent TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
    started_at INTEGER NOT NULL, settled_at INTEGER, reserved INTEGER NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL,
    estimated INTEGER NOT NULL DEFAULT 1
  ) STRICT;
  CREATE INDEX IF NOT EXISTS open_calls ON calls (started_at) WHERE settled_at IS NULL;
  CREATE TABLE IF NOT EXISTS buckets (
    hour TEXT NOT NULL, agent TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL,
    tokens INTEGER NOT NULL, PRIMARY KEY (hour, agent, provider, model, kind)
  ) STRICT;
`;

const hourMs = 3_600_000;
const hourOf = (nowMs: number) => isoOf(Math.floor(nowMs / hourMs) * hourMs);
const monthOf = (nowMs: number) => {
  const now = new Date(nowMs);
  return isoOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
};

type Row = Record<string, unknown>;
const totalOf = (row: Row | undefined) => Number(row?.total ?? 0);

function statementsOf(db: DatabaseSync) {
  return {
    insertCall: db.prepare(
      `INSERT INTO calls (call_id, agent, provider, model, started_at, reserved, input, output, cache_read, cache_write)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    closeCall: db.prepare(
      `UPDATE calls SET settled_at = ?, input = ?, output = ?, cache_read = ?, cache_write = ?, estimated = ?
       WHERE call_id = ? AND settled_at IS NULL RETURNING agent, provider, model`,
    ),
    addToBucket: db.prepare(
      `INSERT INTO buckets (hour, agent, provider, model, kind, tokens) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens`,
    ),
    monthTotal: db.prepare("SELECT coalesce(sum(tokens), 0) AS total FROM buckets WHERE hour >= ?"),
    openTotal: db.prepare("SELECT coalesce(sum(reserved), 0) AS total FROM calls WHERE settled_at IS NULL"),
    openCalls: db.prepare("SELECT call_id, input, output, cache_read, cache_write FROM calls WHERE settled_at IS NULL"),
    bucketsFrom: db.prepare(
      `SELECT hour, agent, provider, model, kind, tokens FROM buckets WHERE hour >= ?
       ORDER BY hour, agent, provider, model, kind`,
    ),
  };
}

/**
 * What has to outlive a power cut is flushed to the disk (`FULL`); a reservation only has to outlive this process, which
 * `NORMAL` does in WAL mode without waiting for the disk before each call.
 */
function inTransaction<T>(db: DatabaseSync, flush: "FULL" | "NORMAL", work: () => T): T {
  db.exec(`PRAGMA synchronous = ${flush}; BEGIN IMMEDIATE`);
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

class SqliteUsageLedger implements UsageLedger {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #run: ReturnType<typeof statementsOf>;

  constructor(file: string, clock: Clock) {
    this.#db = new DatabaseSync(file);
    this.#clock = clock;
    this.#db.exec(schema);
    this.#run = statementsOf(this.#db);
  }

  settleLeftOpen(): void {
    for (const { call_id: callId, ...counts } of this.#run.openCalls.all()) {
      // The columns are NOT NULL integers, named as the token kinds are.
      this.settle(String(callId), counts as TokenCounts, true);
    }
  }

  #tokensThisMonth(): number {
    return totalOf(this.#run.monthTotal.get(monthOf(this.#clock.now())));
  }

  reserve(call: CallStart, tokensPerMonth: number | null): boolean {
    return inTransaction(this.#db, "NORMAL", () => {
      const taken = this.#tokensThisMonth() + totalOf(this.#run.openTotal.get());
      if (tokensPerMonth !== null && taken + call.reserved > tokensPerMonth) return false;
      const { callId, agent, provider, model, reserved } = call;
      const fallback = kinds.map((kind) => call.fallback[kind]);
      this.#run.insertCall.run(callId, agent, provider, model, this.#clock.now(), reserved, ...fallback);
      return true;
    });
  }

  settle(callId: string, counts: TokenCounts, estimated: boolean): void {
    const now = this.#clock.now();
    inTransaction(this.#db, "FULL", () => {
      const values = kinds.map((kind) => counts[kind]);
      const call = this.#run.closeCall.get(now, ...values, estimated ? 1 : 0, callId);
      if (!call) return;
      const { agent, provider, model } = call;
      for (const kind of kinds) {
        if (counts[kind] === 0) continue;
        this.#run.addToBucket.run(hourOf(now), String(agent), String(provider), String(model), kind, counts[kind]);
      }
    });
  }

  usage(fromHour: string | null): ProxyUsage {
    const buckets = this.#run.bucketsFrom.all(fromHour ?? "").map((row) => ({ ...row }));
    // The columns are those of a bucket; the table is written by settle() alone.
    return { buckets: buckets as unknown as UsageBucket[], tokensThisMonth: this.#tokensThisMonth() };
  }

  close(): void {
    this.#db.close();
  }
}

/** `usage.db` in `stateDir`. Calls that a killed process left open are booked by their fallback at once. */
export function openUsageLedger(stateDir: string, clock: Clock): UsageLedger {
  const ledger = new SqliteUsageLedger(join(stateDir, "usage.db"), clock);
  ledger.settleLeftOpen();
  return ledger;
}
