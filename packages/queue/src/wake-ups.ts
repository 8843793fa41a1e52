import type { Logger } from "@berth/platform";
import pg from "pg";

export interface WakeUps {
  /** Resolves at the next notification, or after `timeoutMs` at the latest. One that came in meanwhile counts. */
  next(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

const reconnectMs = 1000;

/** Listens on one PostgreSQL channel. While the connection is lost only the timeouts remain; it is made again by itself. */
export function listenForWakeUps(input: { databaseUrl: string; channel: string; log: Logger }): WakeUps {
  let client: pg.Client | undefined;
  let closed = false;
  let pending = false;
  let wake: (() => void) | undefined;
  let retry: NodeJS.Timeout | undefined;

  const signal = () => {
    pending = true;
    wake?.();
  };
  const lost = (error?: Error) => {
    if (closed || retry) return;
    input.log.warn({ err: error, channel: input.channel }, "the notification channel is lost; polling goes on");
    client?.removeAllListeners("end");
    client = undefined;
    retry = setTimeout(() => void open(), reconnectMs);
  };
  const open = async () => {
    retry = undefined;
    const fresh = new pg.Client({ connectionString: input.databaseUrl, keepAlive: true });
    fresh
      .on("error", lost)
      .on("end", () => lost())
      .on("notification", signal);
    try {
      await fresh.connect();
      if (closed) return await fresh.end();
      client = fresh;
      await fresh.query(`LISTEN ${pg.escapeIdentifier(input.channel)}`);
      signal();
    } catch (error) {
      lost(error instanceof Error ? error : undefined);
    }
  };
  const opened = open();

  return {
    async next(timeoutMs) {
      if (!pending && !closed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      pending = false;
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      signal();
      await opened;
      await client?.end();
    },
  };
}
