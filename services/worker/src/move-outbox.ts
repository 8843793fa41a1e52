import { type Ctx, dispatchOutbox, outboxChannel } from "@berth/core";
import { type Enqueue, listenForWakeUps } from "@berth/queue";

/** Longest time without a look at the outbox, should a notification get lost. */
const pollMs = 1_000;

/** Moves outbox rows to the queue as they come, until stopped. A fault is logged, and the next look comes a second later. */
export function moveOutbox(input: { ctx: Pick<Ctx, "db" | "clock" | "log">; databaseUrl: string; enqueue: Enqueue }): {
  stop(): Promise<void>;
} {
  const { db, clock, log } = input.ctx;
  const wakeUps = listenForWakeUps({ databaseUrl: input.databaseUrl, channel: outboxChannel, log });
  const stopping = new AbortController();

  const untilNextLook = async (): Promise<number> => {
    try {
      const { dispatched, nextDueAt } = await dispatchOutbox({ db, clock, enqueue: input.enqueue });
      if (dispatched > 0) return 0;
      return nextDueAt === null ? pollMs : Math.min(Math.max(nextDueAt - clock.now(), 1), pollMs);
    } catch (error) {
      log.error({ err: error }, "the outbox could not be moved");
      return pollMs;
    }
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const waitMs = await untilNextLook();
      if (waitMs > 0 && !stopping.signal.aborted) await wakeUps.next(waitMs);
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await wakeUps.close();
      await running;
    },
  };
}
