import { fail } from "@berth/platform";
import type { CtxWith } from "../context.ts";

/** Throws `unavailable` while the database does not answer. */
export async function checkReadiness({ ctx }: { ctx: CtxWith }): Promise<void> {
  await ctx.db.$queryRaw`SELECT 1`.catch((cause: unknown) =>
    fail("unavailable", "The database does not answer.", { cause }),
  );
}
