import { setTimeout as delay } from "node:timers/promises";
import { fail } from "./errors.ts";

/** Polls until `probe` answers something truthy and gives it back; throws `unavailable` at the deadline. */
export async function untilTrue<T>(
  probe: () => T | Promise<T>,
  options: { timeoutMs: number; intervalMs?: number; what?: string },
): Promise<NonNullable<T>> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > deadline) {
      fail("unavailable", `${options.what ?? "A condition"} did not come true within ${options.timeoutMs} ms.`);
    }
    await delay(options.intervalMs ?? 50);
  }
}
