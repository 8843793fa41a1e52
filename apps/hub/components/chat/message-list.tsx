"use client";

import { ArrowDown } from "lucide-react";
import { useChat } from "./chat-provider.tsx";
import { GrowingAnswer, MessageRow } from "./message-row.tsx";
import { useStickToEnd } from "./use-stick-to-end.ts";

/** The conversation. It follows its own end only while the reader is there. */
export function MessageList({ agentName }: { agentName: string }) {
  const { state, sayAgain } = useChat();
  const { lines, answers, waiting, historyRead, agentLinked } = state;
  const { place, atEnd, goToEnd } = useStickToEnd(state);
  const last = lines.at(-1);
  return (
    <div className="relative min-h-0 flex-1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section ref={place} tabIndex={0} aria-label="Conversation" className="h-full overflow-y-auto px-4 py-4 sm:px-6">
        <ol className="mx-auto grid max-w-3xl gap-4">
          {lines.map((line) => (
            <MessageRow
              key={line.id}
              line={line}
              agentName={agentName}
              onSayAgain={({ id, text }) => void sayAgain(id, text)}
            />
          ))}
          {answers.map(({ runId, text }) => (
            <GrowingAnswer key={runId} text={text} agentName={agentName} />
          ))}
          {waiting.length > 0 && answers.length === 0 ? <GrowingAnswer text={null} agentName={agentName} /> : null}
        </ol>
        {lines.length === 0 && answers.length === 0 ? <Beginning read={historyRead} agentLinked={agentLinked} /> : null}
      </section>
      {atEnd ? null : (
        <button
          type="button"
          onClick={goToEnd}
          className="absolute bottom-3 left-1/2 inline-flex min-h-9 -translate-x-1/2 cursor-pointer items-center gap-2 rounded-full border border-line-strong bg-surface px-4 text-sm shadow-card"
        >
          <ArrowDown className="size-4" aria-hidden="true" /> To the newest message
        </button>
      )}
      {/* Whole messages only: an answer that is read out while it grows cannot be followed. */}
      <p aria-live="polite" className="sr-only">
        {last && last.role !== "user" ? `${last.role === "notice" ? "Notice" : agentName}: ${last.text}` : ""}
      </p>
    </div>
  );
}

function Beginning({ read, agentLinked }: { read: boolean; agentLinked: boolean | null }) {
  const text = read
    ? "Say what you need in plain words. Your agent reads, writes and runs things on its own server, and asks you before anything that could hurt."
    : agentLinked === false
      ? "The conversation is kept on your agent's server and appears when the agent is connected again."
      : "Reading the conversation …";
  return <p className="mx-auto max-w-md py-16 text-center text-soft">{text}</p>;
}
