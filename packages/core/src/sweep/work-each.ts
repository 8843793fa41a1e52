import { appErrorOf } from "@berth/platform";
import type { CtxWith } from "../context.ts";

/**
 * Runs `work` on each id in turn. One that fails is logged and does not hold up the others; while the outside is away the
 * rest would fare the same, so that fault is thrown and everything waits for the next sweep.
 */
export async function workEach(ctx: CtxWith, ids: string[], work: (id: string) => Promise<unknown>): Promise<void> {
  for (const id of ids) {
    try {
      await work(id);
    } catch (thrown) {
      const { code } = appErrorOf(thrown);
      if (code === "unavailable" || code === "rate_limited") throw thrown;
      ctx.log.error({ err: thrown, id, code }, "the sweep could not mend this");
    }
  }
}
