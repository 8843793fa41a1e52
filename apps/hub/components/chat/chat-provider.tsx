"use client";

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useReducer } from "react";
import { useTenantLink } from "../link/tenant-link-provider.tsx";
import { type ChatState, chatReducer, emptyChat } from "./chat-state.ts";

const historyLimit = 100;
const now = (): string => new Date().toISOString();

interface Chat {
  state: ChatState;
  /** False if the message could not leave; its text is then still the sender's. */
  say: (text: string) => boolean;
  /** The same message once more, under its own id, so that it is never worked twice. */
  sayAgain: (requestId: string, text: string) => boolean;
}

const ChatContext = createContext<Chat | null>(null);

/** Keeps the conversation while the person goes from page to page of the same agent. */
export function ChatProvider({ children }: { children: ReactNode }) {
  const link = useTenantLink();
  const [state, dispatch] = useReducer(chatReducer, emptyChat);
  const { listen, send } = link;

  useEffect(() => listen((frame) => dispatch({ type: "frame", frame, at: now() })), [listen]);
  useEffect(() => {
    if (link.state === "reconnecting") dispatch({ type: "lost" });
  }, [link.state]);
  const { agentLinked, staleness } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `staleness` asks for the history once more
  useEffect(() => {
    if (agentLinked) send({ type: "chat.history", requestId: crypto.randomUUID(), limit: historyLimit });
  }, [agentLinked, staleness, send]);

  const sayAgain = useCallback(
    (requestId: string, text: string): boolean => {
      const left = send({ type: "chat.send", requestId, text });
      if (left) dispatch({ type: "sent", requestId, text, at: now() });
      return left;
    },
    [send],
  );
  const value = useMemo<Chat>(
    () => ({ state, sayAgain, say: (text) => sayAgain(crypto.randomUUID(), text) }),
    [state, sayAgain],
  );
  return <ChatContext.Provider value={value}>{children}</ChatContext.Provider>;
}

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("useChat belongs below a ChatProvider");
  return chat;
}
