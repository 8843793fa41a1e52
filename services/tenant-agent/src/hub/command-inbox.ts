import {
  type CommandKind,
  commandJwsType,
  type HubKey,
  ListCommandsResult,
  type TenantCommand,
} from "@berth/contracts";
import { appErrorOf, fail, verifyJws } from "@berth/platform";
import { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { HubClient } from "./hub-client.ts";

const setting = "last-command-seq";

/** What to do with a command of each kind; throws if it is not accepted. */
export interface CommandHandlers {
  acceptPolicy(jws: string): Promise<unknown>;
  /** By kind: what to do with the payload of a verified word, which is not parsed yet. */
  words: Partial<Record<Exclude<CommandKind, "policy.update">, (payload: unknown) => Promise<void> | void>>;
}

export interface CommandInboxInput {
  ledger: Ledger;
  handlers: CommandHandlers;
  hubKeys: () => HubKey[];
  /** Null until this machine is enrolled. */
  hub: () => HubClient | null;
  deps: Pick<AgentDeps, "log">;
}

/** Takes commands in the order of their numbers, each once, whether they came by socket or by polling. */
export function createCommandInbox({ ledger, handlers, hubKeys, hub, deps }: CommandInboxInput) {
  let queue: Promise<unknown> = Promise.resolve();
  const lastSeq = (): number => Number(ledger.readSetting(setting) ?? "0");
  const oneAfterAnother = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work, work);
    queue = result.catch(() => undefined);
    return result;
  };

  /** False if it was refused; its number is not used up then. */
  async function apply({ seq, kind, jws }: TenantCommand): Promise<boolean> {
    if (seq <= lastSeq()) return true;
    try {
      if (kind === "policy.update") await handlers.acceptPolicy(jws);
      else {
        const act = handlers.words[kind] ?? fail("invalid_input", `This server knows no command "${kind}".`);
        await act(await verifyJws({ jws, typ: commandJwsType[kind], keys: hubKeys() }));
      }
      deps.log.info({ seq, kind }, "command accepted");
    } catch (thrown) {
      const error = appErrorOf(thrown);
      deps.log.error({ seq, kind, code: error.code, reason: error.message }, "command refused");
      return false;
    }
    ledger.writeSetting(setting, String(seq));
    return true;
  }

  async function poll(): Promise<void> {
    const client = hub();
    if (!client) return;
    for (;;) {
      const { commands } = await client.call("GET", `/commands?after=${lastSeq()}`, ListCommandsResult);
      const fresh = commands.filter(({ seq }) => seq > lastSeq()).sort((a, b) => a.seq - b.seq);
      for (const command of fresh) {
        // What the Hub itself holds under this number and is refused would be refused for ever.
        if (!(await apply(command))) ledger.writeSetting(setting, String(command.seq));
      }
      if (fresh.length === 0) return;
      await client.call("POST", "/commands/ack", z.unknown(), { upToSeq: lastSeq() });
    }
  }

  return {
    lastSeq,
    poll: () => oneAfterAnother(poll),
    /**
     * A command from the socket. One that does not follow the last is fetched with those before it; so is one that is
     * refused, as a number is not signed and whoever relays commands could use up that of a word still to come. Answers
     * the last number taken.
     */
    take: (command: TenantCommand): Promise<number> =>
      oneAfterAnother(async () => {
        if (command.seq > lastSeq() + 1 || !(await apply(command))) await poll();
        return lastSeq();
      }),
  };
}
export type CommandInbox = ReturnType<typeof createCommandInbox>;
