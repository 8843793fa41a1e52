import type { Clock } from "@berth/platform";

/** Remembers values for a while, so that what was signed for one use is not used twice. */
export class SeenOnce {
  readonly #until = new Map<string, number>();
  readonly #keepMs: number;
  readonly #clock: Clock;

  constructor(keepMs: number, clock: Clock) {
    this.#keepMs = keepMs;
    this.#clock = clock;
  }

  /** True the first time, false while the value is remembered. */
  first(value: string): boolean {
    const now = this.#clock.now();
    for (const [known, until] of this.#until) {
      if (until > now) break; // in the order they came, so the rest is younger
      this.#until.delete(known);
    }
    if (this.#until.has(value)) return false;
    this.#until.set(value, now + this.#keepMs);
    return true;
  }
}
