import type { Emulator } from "./call.ts";
import { StripeApiError } from "./errors.ts";

export interface Reply {
  status: number;
  body: string;
  requestId: string;
}

/** Stripe forgets keys after a day at the earliest. */
const keepMs = 24 * 60 * 60 * 1000;

/** The first answer to this key, null if it is new. Throws 400 `idempotency_error` if the request was another one. */
export function findReply({ store, clock }: Emulator, key: string, fingerprint: string): Reply | null {
  const { database } = store;
  database.prepare("DELETE FROM replies WHERE created < ?").run(clock.now() - keepMs);
  const row = database.prepare("SELECT * FROM replies WHERE key = ?").get(key);
  if (!row) return null;
  if (row.fingerprint !== fingerprint) {
    throw new StripeApiError(400, {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }
  return { status: Number(row.status), body: String(row.body), requestId: String(row.request_id) };
}

export function rememberReply({ store, clock }: Emulator, key: string, fingerprint: string, reply: Reply): void {
  store.database
    .prepare(
      "INSERT OR IGNORE INTO replies (key, fingerprint, status, body, request_id, created) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(key, fingerprint, reply.status, reply.body, reply.requestId, clock.now());
}
