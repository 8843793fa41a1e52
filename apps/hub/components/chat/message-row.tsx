"use client";

import { classNames } from "@berth/ui";
import { Anchor, LoaderCircle } from "lucide-react";
import { clockWords } from "../frame/times.ts";
import type { ChatLine } from "./chat-state.ts";
import { MessageText } from "./message-text.tsx";

interface MessageRowProps {
  line: ChatLine;
  agentName: string;
  onSayAgain: (line: ChatLine) => void;
}

export function MessageRow({ line, agentName, onSayAgain }: MessageRowProps) {
  if (line.role === "notice") return <Notice line={line} />;
  const own = line.role === "user";
  return (
    <li className={classNames("flex flex-col gap-1", own ? "items-end" : "items-start")}>
      <span className="px-1 text-xs text-faint">
        {own ? "You" : agentName}, <time dateTime={line.at}>{clockWords(line.at)}</time>
      </span>
      <div
        className={classNames(
          "max-w-[min(42rem,92%)] min-w-0 rounded-card px-4 py-2.5",
          own ? "bg-accent-wash text-ink" : "border border-line bg-surface",
        )}
      >
        <MessageText text={line.text} />
      </div>
      {own ? <Delivery line={line} onSayAgain={onSayAgain} /> : null}
    </li>
  );
}

/** What Berth itself told the agent, or why a turn ended: neither the person nor the agent said it. */
function Notice({ line }: { line: ChatLine }) {
  return (
    <li className="mx-auto flex w-full max-w-2xl gap-3 rounded-control border border-dashed border-line-strong bg-sunken px-4 py-2.5 text-sm text-soft">
      <Anchor className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0">
        <span className="text-xs text-faint">
          Notice from Berth, <time dateTime={line.at}>{clockWords(line.at)}</time>
        </span>
        <MessageText text={line.text.replace(/^\[Berth\] /, "")} />
      </div>
    </li>
  );
}

function Delivery({ line, onSayAgain }: { line: ChatLine; onSayAgain: (line: ChatLine) => void }) {
  if (line.delivery === "sending") return <span className="px-1 text-xs text-faint">Sending …</span>;
  if (line.delivery !== "failed") return null;
  return (
    <span role="alert" className="flex flex-wrap items-center justify-end gap-x-2 px-1 text-sm text-bad">
      {line.problem}
      <button
        type="button"
        onClick={() => onSayAgain(line)}
        className="min-h-6 cursor-pointer font-medium underline underline-offset-4"
      >
        Send again
      </button>
    </span>
  );
}

/** An answer while it grows, or the wait for its first word. */
export function GrowingAnswer({ text, agentName }: { text: string | null; agentName: string }) {
  return (
    <li className="flex flex-col items-start gap-1">
      <span className="flex items-center gap-1.5 px-1 text-xs text-faint">
        <LoaderCircle className="size-3 animate-spin" aria-hidden="true" />
        {agentName} {text === null ? "is at work" : "is answering"}
      </span>
      {text === null ? null : (
        <div className="max-w-[min(42rem,92%)] min-w-0 rounded-card border border-line bg-surface px-4 py-2.5">
          <MessageText text={text} />
        </div>
      )}
    </li>
  );
}
