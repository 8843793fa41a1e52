"use client";

import type { FoundSecret } from "@berth/contracts";
import { Button, Callout, Field } from "@berth/ui";
import { type FormEvent, useState } from "react";
import { nameProblem } from "./found-words.ts";
import { useFoundDecision } from "./use-found-decision.ts";

/** The name it shall have in the vault, or away with it. */
export function KeepForm({ found, expired }: { found: FoundSecret; expired: boolean }) {
  const [name, setName] = useState<string>(found.suggestedName);
  const [tried, setTried] = useState(false);
  const { busy, problem, keep, dismiss } = useFoundDecision(found);
  const wrong = nameProblem(name);
  const closed = expired || busy !== null;
  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (wrong === null && !closed) void keep(name);
  }
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      {problem ? (
        <Callout tone="bad" title="That did not work">
          {problem}
        </Callout>
      ) : null}
      <Field
        label="Keep it under the name"
        value={name}
        disabled={closed}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setName(event.target.value)}
        error={tried && wrong ? wrong : undefined}
        hint={
          <>
            Your agent then writes <code className="font-mono">SECRET_REF({wrong ? "name" : name})</code> where it is
            needed.
          </>
        }
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={busy === "keep"} disabled={closed}>
          Keep in the vault
        </Button>
        <Button kind="quiet" busy={busy === "dismiss"} disabled={closed} onClick={() => void dismiss()}>
          Dismiss
        </Button>
      </div>
    </form>
  );
}
