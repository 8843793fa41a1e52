import { AppError } from "@berth/platform";

/** The steps of the walk with their times, printed as they end. */
export class StepLog {
  readonly steps: { name: string; ms: number }[] = [];
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Runs one step; an error gets the step's name and goes on up. */
  async run<T>(name: string, action: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      const result = await action();
      const ms = Math.round(performance.now() - started);
      this.steps.push({ name, ms });
      this.#say(`${name.padEnd(58)} ${String(ms).padStart(8)} ms`);
      return result;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("unavailable", `The walk stopped at "${name}": ${reason}`, { cause });
    }
  }
}
