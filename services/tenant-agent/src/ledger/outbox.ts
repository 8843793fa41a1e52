import { z } from "zod";
import type { Ledger } from "./open-ledger.ts";

/** `hub`: HTTPS to the Hub. `gateway`: a text that wakes a session. Each lane is delivered in order. */
export type OutboxLane = "hub" | "gateway";

const OutboxRow = z.object({ id: z.int(), path: z.string(), body: z.string(), attempts: z.int() });
export type OutboxMessage = z.infer<typeof OutboxRow>;

/** Facts that must arrive, kept until they did. Written in the transaction that makes them true. */
export function createOutbox({ db }: Ledger) {
  return {
    put(lane: OutboxLane, path: string, body: unknown): void {
      db.prepare("INSERT INTO outbox (lane, path, body, attempts) VALUES (?, ?, ?, 0)").run(
        lane,
        path,
        JSON.stringify(body),
      );
    },
    /** The oldest message of a lane that is still to be delivered. */
    first: (lane: OutboxLane): OutboxMessage | undefined =>
      OutboxRow.optional().parse(
        db
          .prepare(
            "SELECT id, path, body, attempts FROM outbox WHERE lane = ? AND dead_reason IS NULL ORDER BY id LIMIT 1",
          )
          .get(lane),
      ),
    delivered(id: number): void {
      db.prepare("DELETE FROM outbox WHERE id = ?").run(id);
    },
    failed(id: number): void {
      db.prepare("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?").run(id);
    },
    /** Will never be accepted; kept for the operator, out of the others' way. */
    bury(id: number, reason: string): void {
      db.prepare("UPDATE outbox SET dead_reason = ? WHERE id = ?").run(reason, id);
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
