import { sha256Hex } from "@berth/platform";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";
import type { AuthStore } from "./ensure-organization.ts";

const minuteMs = 60_000;

/** How often one e-mail address may be named. Beside better-auth's limit by caller: an address on the network is easily changed. */
const shares: Record<string, { max: number; windowMs: number }> = {
  "/sign-in/email": { max: 30, windowMs: 10 * minuteMs },
  // These send mail, perhaps to somebody who never asked for it.
  "/sign-up/email": { max: 5, windowMs: 60 * minuteMs },
  "/send-verification-email": { max: 5, windowMs: 60 * minuteMs },
};

const Named = z.object({ email: z.string() });

/** Answers 429 once an e-mail address has been named too often, whether there is an account for it or not. */
export const accountLimit = (store: AuthStore) =>
  createAuthMiddleware(async ({ path, body }) => {
    const share = shares[path];
    const named = Named.safeParse(body);
    if (!share || !named.success) return;
    const key = `${path}|${sha256Hex(named.data.email.trim().toLowerCase())}`;
    if ((await countIn(store, key, share.windowMs)) <= share.max) return;
    throw new APIError("TOO_MANY_REQUESTS", { message: "Too many requests for this address. Please try again later." });
  });

/** `lastRequest` holds the window's end, so that better-auth, which removes rows by their age, leaves it alone until then. */
async function countIn({ db, clock, ids }: AuthStore, key: string, windowMs: number): Promise<number> {
  const now = clock.now();
  const [row] = await db.$queryRaw<{ count: number }[]>`
    INSERT INTO "RateLimit" AS r ("id", "key", "count", "lastRequest")
    VALUES (${ids.next("rat")}, ${key}, 1, ${now + windowMs}::bigint)
    ON CONFLICT ("key") DO UPDATE SET
      "count" = CASE WHEN r."lastRequest" <= ${now}::bigint THEN 1 ELSE r."count" + 1 END,
      "lastRequest" = CASE WHEN r."lastRequest" <= ${now}::bigint THEN EXCLUDED."lastRequest" ELSE r."lastRequest" END
    RETURNING "count"`;
  return row?.count ?? 1;
}
