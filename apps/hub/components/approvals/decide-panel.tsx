"use client";

import type { Approval } from "@berth/contracts";
import { Button, Callout, ConfirmDialog, MonoBlock, TextArea } from "@berth/ui";
import { useState } from "react";
import { actClasses, needsConfirmation } from "./act-classes.ts";
import type { CallInWords } from "./call-in-words.ts";
import { useDecision } from "./use-decision.ts";

export interface DecidePanelProps {
  approval: Approval;
  call: CallInWords;
  expired: boolean;
  /** Where there is little room the note opens on demand. */
  compact: boolean;
}

/** Yes or no to one request, with a word to the agent if one likes; from Red on it asks once more before a yes. */
export function DecidePanel({ approval, call, expired, compact }: DecidePanelProps) {
  const [note, setNote] = useState("");
  const [writing, setWriting] = useState(!compact);
  const [asking, setAsking] = useState(false);
  const { busy, problem, decide } = useDecision(approval, call.title);
  const approve = (): void => {
    setAsking(false);
    void decide("approved", note);
  };
  const { meaning, word } = actClasses[approval.actClass];
  return (
    <div className="grid gap-4">
      {problem ? (
        <Callout tone="bad" title={problem.title}>
          {problem.text}
        </Callout>
      ) : null}
      {writing ? (
        <TextArea
          label="Note to the agent (optional)"
          value={note}
          maxLength={500}
          disabled={expired || busy !== null}
          onChange={(event) => setNote(event.target.value)}
        />
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button
          busy={busy === "approved"}
          disabled={expired || busy !== null}
          onClick={() => (needsConfirmation(approval.actClass) ? setAsking(true) : approve())}
        >
          Approve once
        </Button>
        <Button
          kind="quiet"
          busy={busy === "denied"}
          disabled={expired || busy !== null}
          onClick={() => void decide("denied", note)}
        >
          Deny
        </Button>
        {writing ? null : (
          <Button kind="quiet" disabled={expired} onClick={() => setWriting(true)}>
            Add note
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        title="Let it run, once?"
        confirmLabel="Yes, run it once"
        onConfirm={approve}
        onCancel={() => setAsking(false)}
      >
        <p>
          {word}: {meaning} {approval.reversible ? "It can be undone." : "It cannot be undone."}
        </p>
        <MonoBlock label="What would run">{call.exact}</MonoBlock>
      </ConfirmDialog>
    </div>
  );
}
