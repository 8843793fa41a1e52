"use client";

import type { TenantId } from "@berth/contracts";
import { Button } from "@berth/ui";
import { SendHorizontal } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useChat } from "./chat-provider.tsx";
import { useDraft } from "./use-draft.ts";

const maxLength = 16_000;

/** Where one writes. Enter sends, Shift+Enter makes a new line; while the agent cannot be reached the text waits here. */
export function Composer({ tenantId }: { tenantId: TenantId }) {
  const { state, say } = useChat();
  const [draft, setDraft] = useDraft(tenantId);
  const linked = state.agentLinked === true;
  const sendable = linked && draft.trim() !== "";

  function send(): void {
    if (sendable && say(draft.trim())) setDraft("");
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className="border-t border-line bg-surface px-4 py-3 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2">
        <label htmlFor="message" className="sr-only">
          Message to your agent
        </label>
        <textarea
          id="message"
          rows={1}
          value={draft}
          maxLength={maxLength}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          aria-describedby="message-hint"
          placeholder="Ask your agent to do something"
          className="field-sizing-content max-h-48 min-h-11 min-w-0 flex-1 resize-none rounded-control border border-line-strong bg-surface px-3 py-2.5 text-ink placeholder:text-faint"
        />
        <Button type="submit" disabled={!sendable}>
          <SendHorizontal className="size-4" aria-hidden="true" />
          <span className="sr-only sm:not-sr-only">Send</span>
        </Button>
      </div>
      <p id="message-hint" className="mt-1.5 text-xs text-faint">
        {linked
          ? "Enter sends, Shift+Enter starts a new line. Never write passwords here; they belong in the vault."
          : "Your text is kept here and can be sent as soon as the agent is connected."}
      </p>
    </form>
  );
}
