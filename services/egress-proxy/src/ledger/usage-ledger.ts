import type { ProxyUsage, UsageBucket } from "@berth/contracts";
import { AppError, type Clock, isoOf } from "@berth/platform";
import {
  type Estimates,
  LedgerFile,
  type LedgerStore,
  type LedgerWrite,
  type OpenCall,
  type TokenCounts,
  tokenKinds,
} from "./ledger-file.ts";

export { noTokens, type TokenCounts } from "./ledger-file.ts";

export interface CallStart extends Omit<OpenCall, "seq"> {
  callId: string;
}

export interface UsageLedger {
  /**
   * Writes the call down as open; false, and nothing written, if it could go past the month's budget. Calls are admitted
   * one by one and at once, so that no number of them together can. When it resolves, the call survives the death of this
   * process; the wait for the disk it shares with the next booking. Rejects with `unavailable` if it cannot be written.
   */
  reserve(call: CallStart, tokensPerMonth: number | null): Promise<boolean>;
  /**
   * Books the call into the running hour, once: a second time changes nothing. When it resolves, the booking survives a
   * power cut. Rejects with `unavailable` if it cannot be written now; it is then kept and tried again. `guessed`: the
   * provider's own numbers never came.
   */
  settle(callId: string, counts: TokenCounts, guessed?: boolean): Promise<void>;
  usage(fromHour: string | null): ProxyUsage;
  /** False while bookings wait for a disk that takes no more: then nothing is reserved. */
  isWritable(): boolean;
  close(): Promise<void>;
}

const hourMs = 3_600_000;
const retryMs = 1000;
const hourOf = (nowMs: number) => isoOf(Math.floor(nowMs / hourMs) * hourMs);

/** Begin and end of the month by UTC. */
function monthOf(nowMs: number): { from: string; fromMs: number; untilMs: number } {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const fromMs = Date.UTC(year, month, 1);
  return { from: isoOf(fromMs), fromMs, untilMs: Date.UTC(year, month + 1, 1) };
}
const sumOf = (counts: TokenCounts) => tokenKinds.reduce((sum, kind) => sum + counts[kind], 0);

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}
interface Ended {
  call: OpenCall;
  counts: TokenCounts;
  hour: string;
  guessed: boolean;
}

const cannotWrite = (cause: unknown) =>
  new AppError("unavailable", "LLM traffic is stopped: the usage ledger cannot be written.", { cause });

/** Sums up what calls that ended together add, a bucket each. */
function bucketsOf(ended: Ended[]): UsageBucket[] {
  const buckets = new Map<string, UsageBucket>();
  for (const { call, counts, hour } of ended) {
    for (const kind of tokenKinds) {
      if (counts[kind] === 0) continue;
      const { agent, provider, model } = call;
      const key = JSON.stringify([hour, agent, provider, model, kind]);
      const bucket = buckets.get(key) ?? { hour, agent, provider, model, kind, tokens: 0 };
      bucket.tokens += counts[kind];
      buckets.set(key, bucket);
    }
  }
  return [...buckets.values()];
}

/** A guess of nothing is none: the provider never took the call. */
function estimatesOf(ended: Ended[]): Estimates {
  const guesses = ended.filter(({ guessed, counts }) => guessed && sumOf(counts) > 0);
  return { calls: guesses.length, tokens: guesses.reduce((sum, { counts }) => sum + sumOf(counts), 0) };
}

/**
 * Budget and open calls are kept in memory, for this process alone writes the file. Calls that begin or end in the same
 * turn of the event loop are one transaction, and bookings that wait for the disk together wait once.
 */
class GroupedLedger implements UsageLedger {
  readonly #file: LedgerStore;
  readonly #clock: Clock;
  readonly #open = new Map<string, OpenCall>();
  #nextSeq = 1;
  #reserved = 0;
  #month = { fromMs: 0, untilMs: 0, tokens: 0 };
  #hour = { ms: -1, name: "" };
  #opening: { call: OpenCall; waiting: Waiting }[] = [];
  #ending: { ended: Ended; waiting: Waiting | null }[] = [];
  #unflushed: Waiting[] = [];
  #scheduled = false;
  #flushing: Promise<void> | null = null;
  #writable = true;
  #retry: NodeJS.Timeout | undefined;

  constructor(file: LedgerStore, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Books what a killed process left open, by its fallback. */
  settleLeftOpen(): void {
    const left = this.#file.openCalls();
    if (left.length === 0) return;
    const hour = hourOf(this.#clock.now());
    const ended = left.map((call) => ({ call, counts: call.fallback, hour, guessed: true }));
    const estimated = estimatesOf(ended);
    this.#file.write({ opened: [], ended: left.map(({ seq }) => seq), added: bucketsOf(ended), estimated });
  }

  #tokensThisMonth(): number {
    const now = this.#clock.now();
    if (now < this.#month.fromMs || now >= this.#month.untilMs) {
      const { from, ...bounds } = monthOf(now);
      const unwritten = this.#ending.filter(({ ended }) => ended.hour >= from);
      const tokens = unwritten.reduce((sum, { ended }) => sum + sumOf(ended.counts), this.#file.tokensFrom(from));
      this.#month = { ...bounds, tokens };
    }
    return this.#month.tokens;
  }

  #hourNow(): string {
    const ms = Math.floor(this.#clock.now() / hourMs) * hourMs;
    if (ms !== this.#hour.ms) this.#hour = { ms, name: hourOf(ms) };
    return this.#hour.name;
  }

  async reserve({ callId, ...start }: CallStart, tokensPerMonth: number | null): Promise<boolean> {
    const taken = this.#tokensThisMonth() + this.#reserved;
    if (tokensPerMonth !== null && taken + start.reserved > tokensPerMonth) return false;
    const call = { seq: this.#nextSeq++, ...start };
    this.#open.set(callId, call);
    this.#reserved += call.reserved;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#opening.push({ call, waiting: { resolve, reject } });
        this.#schedule();
      });
    } catch (error) {
      this.#open.delete(callId);
      this.#reserved -= call.reserved;
      throw error;
    }
    return true;
  }

  settle(callId: string, counts: TokenCounts, guessed = false): Promise<void> {
    const call = this.#open.get(callId);
    if (!call) return Promise.resolve();
    this.#open.delete(callId);
    // Read before the new tokens are among those that wait: a month that turns counts these by itself.
    const before = this.#tokensThisMonth();
    this.#month.tokens = before + sumOf(counts);
    this.#reserved -= call.reserved;
    return new Promise((resolve, reject) => {
      const ended = { call, counts, hour: this.#hourNow(), guessed };
      this.#ending.push({ ended, waiting: { resolve, reject } });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  #write(): void {
    const [opening, ending] = [this.#opening, this.#ending];
    if (this.#writable && opening.length + ending.length === 0) return;
    this.#opening = [];
    const ended = ending.map((each) => each.ended);
    const write: LedgerWrite = {
      opened: opening.map(({ call }) => call),
      ended: ended.map(({ call }) => call.seq),
      added: bucketsOf(ended),
      estimated: estimatesOf(ended),
    };
    try {
      this.#file.write(write);
    } catch (error) {
      this.#failed(
        error,
        opening.map(({ waiting }) => waiting),
      );
      return;
    }
    this.#ending = [];
    this.#writable = true;
    for (const { waiting } of opening) waiting.resolve();
    this.#unflushed.push(...ending.flatMap(({ waiting }) => (waiting ? [waiting] : [])));
    if (this.#unflushed.length > 0) this.#flushing ??= this.#flush();
  }

  /** What ended is kept for the next try; nobody waits for it any more. */
  #failed(error: unknown, opening: Waiting[]): void {
    this.#writable = false;
    const waiting = [...opening, ...this.#ending.flatMap((each) => (each.waiting ? [each.waiting] : []))];
    this.#ending = this.#ending.map(({ ended }) => ({ ended, waiting: null }));
    for (const { reject } of waiting) reject(cannotWrite(error));
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#write();
    }, retryMs).unref();
  }

  /** One wait for the disk at a time; what is written meanwhile waits for the next one. */
  async #flush(): Promise<void> {
    while (this.#unflushed.length > 0) {
      const waiting = this.#unflushed;
      this.#unflushed = [];
      try {
        await this.#file.flushed();
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        for (const { reject } of waiting) reject(cannotWrite(error));
      }
    }
    this.#flushing = null;
  }

  usage(fromHour: string | null): ProxyUsage {
    return {
      buckets: this.#file.bucketsFrom(fromHour ?? ""),
      tokensThisMonth: this.#tokensThisMonth(),
      // What ended and waits to be written is not in the buckets either.
      openCalls: this.#open.size + this.#ending.length,
      estimated: this.#file.estimates(),
    };
  }

  isWritable(): boolean {
    return this.#writable;
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry);
    this.#write();
    await this.#flushing;
    this.#file.close();
  }
}

/** Kept in `usage.db` in `stateDir`, unless there is another store. Calls that a killed process left open are booked by their fallback at once. */
export function openUsageLedger(stateDir: string, clock: Clock, store?: LedgerStore): UsageLedger {
  const ledger = new GroupedLedger(store ?? new LedgerFile(stateDir), clock);
  ledger.settleLeftOpen();
  return ledger;
}
