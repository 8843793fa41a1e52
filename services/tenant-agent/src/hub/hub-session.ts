import type { AgentConfig, ChatFact, EnrolResult, TenantDownFrame } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import type { AgentDeps } from "../deps.ts";
import type { ChatRelay } from "../gateway/chat-relay.ts";
import { deliverOutbox } from "../ledger/deliver-outbox.ts";
import type { AgentState } from "../open-state.ts";
import { openTenantLink, type TenantLink } from "../realtime/tenant-link.ts";
import type { CommandInbox } from "./command-inbox.ts";
import { createHubClient, type HubClient } from "./hub-client.ts";

export interface HubSessionInput {
  config: AgentConfig;
  enrolment: EnrolResult;
  state: AgentState;
  inbox: CommandInbox;
  chat: () => ChatRelay;
  deps: AgentDeps;
}

export interface HubSession {
  hub: HubClient;
  /** Best effort: the history has what a broken link loses. */
  emit(fact: ChatFact): void;
  hurryOutbox(): void;
  start(): void;
  stop(): Promise<void>;
}

/** All that goes on between an enrolled machine and the Hub: outbox up, commands down, chat both ways. */
export function openHubSession({ config, enrolment, state, inbox, chat, deps }: HubSessionInput): HubSession {
  const { identity, outbox } = state;
  const { keyId } = enrolment;
  const hub = createHubClient({ hubUrl: config.hubUrl, identity, keyId, deps });
  const warn = (what: string) => (error: unknown) => deps.log.warn({ reason: appErrorOf(error).message }, what);
  let link: TenantLink | null = null;
  let delivery: ReturnType<typeof deliverOutbox> | null = null;

  const acknowledge = (upToSeq: number) => link?.send({ type: "command.ack", upToSeq });
  const onFrame = (frame: TenantDownFrame) => {
    switch (frame.type) {
      case "command":
        inbox.take(frame.command).then(acknowledge, warn("commands were not fetched"));
        return;
      case "chat.send":
        chat().send(frame).catch(warn("chat"));
        return;
      case "chat.history":
        chat().history(frame).catch(warn("chat"));
    }
  };

  return {
    hub,
    emit: (fact) => link?.send({ type: "chat.fact", fact }),
    hurryOutbox: () => delivery?.hurry(),
    start() {
      const deliver = (message: { path: string; body: string }) => hub.deliver("POST", message.path, message.body);
      delivery = deliverOutbox({ outbox, lane: "hub", deliver, deps });
      const onOpen = () => {
        inbox.poll().catch(warn("commands were not fetched"));
        delivery?.hurry();
      };
      link = openTenantLink({ realtimeUrl: config.realtimeUrl, identity, keyId, deps, onFrame, onOpen });
    },
    stop: async () => {
      await Promise.all([link?.stop(), delivery?.stop()]);
    },
  };
}
