import { EventEmitter, once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { MailMessage } from "./message.ts";

const keepMessages = 1000;

/** Messages in order of arrival, with a way to wait for the next one. `file` holds one JSON object a line. */
export function createMailStore(file?: string) {
  const messages: MailMessage[] = file && existsSync(file) ? readLines(file) : [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  let count = Number(messages.at(-1)?.id.replace("msg_", "") ?? 0);

  const matching = (filter: MailFilter): MailMessage[] =>
    messages.filter((one) => (!filter.to || one.to.includes(filter.to.toLowerCase())) && one.id > (filter.after ?? ""));

  return {
    add(arrived: Omit<MailMessage, "id">): void {
      const message: MailMessage = { id: `msg_${String(++count).padStart(6, "0")}`, ...arrived };
      messages.push(message);
      if (messages.length > keepMessages) messages.shift();
      if (file) appendFileSync(file, `${JSON.stringify(message)}\n`, { mode: 0o600 });
      arrivals.emit("arrived");
    },
    find: (id: string): MailMessage | undefined => messages.find((one) => one.id === id),
    /** Newest first. */
    list: (filter: MailFilter): MailMessage[] => matching(filter).toReversed(),
    /** The oldest match, now or as soon as it arrives; null when `signal` ends the wait. */
    async wait(filter: MailFilter, signal: AbortSignal): Promise<MailMessage | null> {
      while (!signal.aborted) {
        const found = matching(filter)[0];
        if (found) return found;
        await once(arrivals, "arrived", { signal }).catch(() => undefined);
      }
      return null;
    },
  };
}

export interface MailFilter {
  to?: string | undefined;
  /** Only messages that arrived after the one with this id. */
  after?: string | undefined;
}

export type MailStore = ReturnType<typeof createMailStore>;

/** A last line that a crash cut short is left out. */
function readLines(file: string): MailMessage[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.slice(-keepMessages).flatMap((line) => {
    try {
      return [JSON.parse(line) as MailMessage]; // only `add` writes this file
    } catch {
      return [];
    }
  });
}
