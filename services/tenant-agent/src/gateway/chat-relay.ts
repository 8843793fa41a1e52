import type { ChatFact, ChatMessage } from "@berth/contracts";
import { appErrorOf, isoOf } from "@berth/platform";
import { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { GatewayChatEvent, GatewayHistory, type GatewayHistoryMessage, textOf } from "./gateway-frames.ts";
import { chatSessionKey, wakePrefix } from "./sessions.ts";

export interface ChatRelayInput {
  gateway: GatewayClient;
  /** Puts `SECRET_REF(name)` in place of each known value. */
  redact: (text: string) => string;
  /** The same for a text that is still growing: holds back an end that could be the beginning of a value. */
  redactPartial: (text: string) => string;
  emit: (fact: ChatFact) => void;
  deps: Pick<AgentDeps, "clock" | "log">;
}

const maxHistoryBytes = 200_000;
const answerId = (runId: string): string => `${runId}:answer`;

/** Carries the customer's chat between the Hub and the gateway; no text passes in either direction unredacted. */
export function createChatRelay({ gateway, redact, redactPartial, emit, deps }: ChatRelayInput) {
  const messageOf = (row: GatewayHistoryMessage): ChatMessage[] => {
    const text = textOf(row.content).trim();
    if (text === "" || !["user", "assistant"].includes(row.role) || text.startsWith("<<<BEGIN_OPENCLAW")) return [];
    const sent = row.idempotencyKey?.replace(/:user$/, "");
    const meta = row.__openclaw;
    const isAnswer = row.role === "assistant" && row.stopReason === "stop" && meta?.runId !== undefined;
    const role = row.role === "assistant" ? "assistant" : sent?.startsWith(wakePrefix) ? "notice" : "user";
    const id = isAnswer ? answerId(meta?.runId ?? "") : (sent ?? meta?.id ?? `${row.timestamp}`);
    return [{ id, role, text: redact(text), at: isoOf(row.timestamp ?? deps.clock.now()) }];
  };

  return {
    /** The customer's message. It is redacted before the gateway, which keeps what it is told, ever sees it. */
    async send({ requestId, text }: { requestId: string; text: string }): Promise<void> {
      try {
        const params = { sessionKey: chatSessionKey, message: redact(text), idempotencyKey: requestId };
        await gateway.call("chat.send", params, z.unknown());
        emit({ type: "chat.accepted", requestId });
      } catch (error) {
        emit({ type: "chat.error", requestId, message: appErrorOf(error).publicMessage });
      }
    },

    async history({ requestId, limit }: { requestId: string; limit: number }): Promise<void> {
      try {
        // Tool calls and results are rows too; four of them to a message that is shown is generous.
        const params = { sessionKey: chatSessionKey, limit: Math.min(limit * 4, 800) };
        const { messages } = await gateway.call("chat.history", params, GatewayHistory);
        const shown = messages.flatMap(messageOf).slice(-limit);
        while (Buffer.byteLength(JSON.stringify(shown)) > maxHistoryBytes) shown.shift();
        emit({ type: "chat.history", requestId, messages: shown });
      } catch (error) {
        emit({ type: "chat.error", requestId, message: appErrorOf(error).publicMessage });
      }
    },

    /** An event of the gateway; all but the customer's own session is nobody's business outside. */
    onEvent(event: string, payload: unknown): void {
      const parsed = event === "chat" ? GatewayChatEvent.safeParse(payload) : null;
      if (!parsed?.success || parsed.data.sessionKey !== chatSessionKey) return;
      const { runId, state, message, errorMessage } = parsed.data;
      const clean = state === "delta" ? redactPartial : redact;
      const text = clean(textOf(message?.content)).slice(0, 100_000);
      const at = isoOf(message?.timestamp ?? deps.clock.now());
      if (state === "delta" && text !== "") emit({ type: "chat.delta", runId, text });
      else if (state === "final") {
        // A wake that joined a turn under way has no answer of its own.
        if (text === "" && runId.startsWith(wakePrefix)) return;
        emit({ type: "chat.final", runId, message: { id: answerId(runId), role: "assistant", text, at } });
      } else if (state === "error" || state === "aborted") {
        const reason = errorMessage ? redact(errorMessage).slice(0, 500) : `The agent's turn ended early (${state}).`;
        emit({ type: "chat.error", runId, message: reason });
      }
    },
  };
}
export type ChatRelay = ReturnType<typeof createChatRelay>;
