import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EgressClient, EgressRefusal, EgressReport, RefusedHost } from "@berth/contracts";
import { type Clock, isoOf, type Logger } from "@berth/platform";

export interface RefusedAttempt {
  client: EgressClient;
  /** As `HostTeller` tells it. */
  host: string;
  port: number;
  reason: EgressRefusal;
  /** Audited, but no news: a fault, or what the pinned gateway is known to ask for at every start. */
  quiet: boolean;
}

/** The proxy's audit of what it did not let out. */
export interface RefusalLog {
  /** Never throws: a refusal stays a refusal when the disk is full, and is written down once there is room. */
  note(attempt: RefusedAttempt): void;
  report(): EgressReport;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS refusals (
    minute INTEGER NOT NULL, client TEXT NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, reason TEXT NOT NULL,
    quiet INTEGER NOT NULL, count INTEGER NOT NULL, last_at INTEGER NOT NULL,
    PRIMARY KEY (minute, client, host, port, reason)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS total (id INTEGER PRIMARY KEY CHECK (id = 1), refused INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO total VALUES (1, 0);
`;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const keptDays = 30;
const rowsMax = 10_000;
/** Different destinations in one minute; who tries more is counted under one name. */
const perMinuteMax = 100;
const reportedMax = 10;
const others = "(other hosts)";

interface Row extends RefusedAttempt {
  minute: number;
  count: number;
  lastAt: number;
}

function statementsOf(db: DatabaseSync) {
  return {
    add: db.prepare(
      `INSERT INTO refusals VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = max(last_at, excluded.last_at)`,
    ),
    addTotal: db.prepare("UPDATE total SET refused = refused + ?"),
    total: db.prepare("SELECT refused FROM total"),
    recent: db.prepare(
      `SELECT host, client, reason, sum(count) AS count, max(last_at) AS lastAt FROM refusals
       WHERE quiet = 0 AND last_at > ? GROUP BY host, client, reason ORDER BY lastAt DESC, host LIMIT ${reportedMax}`,
    ),
    dropOld: db.prepare("DELETE FROM refusals WHERE minute < ?"),
    dropMany: db.prepare(
      `DELETE FROM refusals WHERE rowid IN (SELECT rowid FROM refusals ORDER BY minute DESC LIMIT -1 OFFSET ${rowsMax})`,
    ),
  };
}

class SqliteRefusalLog implements RefusalLog {
  readonly #db: DatabaseSync;
  readonly #run: ReturnType<typeof statementsOf>;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Of the running minute, by destination; `count` is what is not yet on disk. */
  #rows = new Map<string, Row>();
  #minute = 0;
  #prunedIn = 0;
  /** Of earlier minutes, for as long as the disk takes nothing. */
  #unwritten: Row[] = [];

  constructor(file: string, clock: Clock, log: Logger) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(schema);
    this.#run = statementsOf(this.#db);
    this.#clock = clock;
    this.#log = log;
  }

  note(attempt: RefusedAttempt): void {
    const now = this.#clock.now();
    this.#turnTo(Math.floor(now / minuteMs));
    const host = this.#rows.size < perMinuteMax || this.#rows.has(keyOf(attempt)) ? attempt.host : others;
    const told = { ...attempt, host, port: host === others ? 0 : attempt.port };
    const row = this.#rows.get(keyOf(told)) ?? { ...told, minute: this.#minute, count: 0, lastAt: now };
    this.#rows.set(keyOf(told), { ...row, count: row.count + 1, lastAt: now });
    this.#write();
  }

  report(): EgressReport {
    this.#write();
    const waiting = this.#waiting().filter((row) => !row.quiet);
    const known = this.#run.recent.all(this.#clock.now() - dayMs).map(refusedHostOf);
    const recent = [...waiting.map(refusedHostOf), ...known].slice(0, reportedMax);
    const refusedTotal = Number(this.#run.total.get()?.refused) + waiting.reduce((sum, { count }) => sum + count, 0);
    return { refusedTotal, recent };
  }

  close(): void {
    this.#write();
    this.#db.close();
  }

  #turnTo(minute: number): void {
    if (minute === this.#minute) return;
    this.#unwritten = this.#waiting().slice(-rowsMax);
    this.#rows = new Map();
    this.#minute = minute;
  }

  #waiting(): Row[] {
    return [...this.#unwritten, ...this.#rows.values()].filter(({ count }) => count > 0);
  }

  #prune(): void {
    this.#run.dropOld.run(this.#minute - (keptDays * dayMs) / minuteMs);
    this.#run.dropMany.run();
    this.#prunedIn = this.#minute;
  }

  #write(): void {
    const rows = this.#waiting();
    if (rows.length === 0) return;
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      for (const { minute, client, host, port, reason, quiet, count, lastAt } of rows) {
        this.#run.add.run(minute, client, host, port, reason, quiet ? 1 : 0, count, lastAt);
        if (!quiet) this.#run.addTotal.run(count);
      }
      if (this.#prunedIn !== this.#minute) this.#prune();
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.#log.error({ err: error, waiting: rows.length }, "refusals could not be written down yet");
      return;
    }
    this.#unwritten = [];
    for (const [key, row] of this.#rows) this.#rows.set(key, { ...row, count: 0 });
  }
}

const keyOf = ({ client, host, port, reason }: RefusedAttempt): string => `${client} ${host} ${port} ${reason}`;

function refusedHostOf(row: Record<string, unknown> | Row): RefusedHost {
  const { host, client, reason, count, lastAt } = row as Row; // both come from this file alone
  return { host, client, reason, count, lastAt: isoOf(lastAt) };
}

/** `refusals.db` in `stateDir`: at most 10,000 rows of the last 30 days, one a minute, client, host, port and reason. */
export const openRefusalLog = (stateDir: string, clock: Clock, log: Logger): RefusalLog =>
  new SqliteRefusalLog(join(stateDir, "refusals.db"), clock, log);
