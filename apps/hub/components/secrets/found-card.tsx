"use client";

import type { FoundSecret } from "@berth/contracts";
import { Badge, Callout, Facts } from "@berth/ui";
import { LoaderCircle } from "lucide-react";
import { momentWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { heldWords, looksLike, seenInWords } from "./found-words.ts";
import { KeepForm } from "./keep-form.tsx";

/** One value that the server found: its looks, where it stood, how long it is held, and what can become of it. */
export function FoundCard({ found }: { found: FoundSecret }) {
  const now = useNow(1000);
  const headingId = `found-${found.id}`;
  return (
    <article
      aria-labelledby={headingId}
      data-found={found.id}
      className="grid min-w-0 gap-4 rounded-card border border-line bg-surface p-4 shadow-card sm:p-5"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id={headingId} className="font-semibold">
          {looksLike(found)}
        </h3>
        {found.state === "waiting" ? null : <UnderWay found={found} />}
      </div>
      <Facts
        rows={[
          ["Seen in", seenInWords(found)],
          ["By", `agent ${found.agent}, ${momentWords(found.foundAt)}`],
          ["Length", `${found.length} characters`],
          ["Reads now", <code key="mark" className="font-mono text-xs">{`[REDACTED:${found.rule}]`}</code>],
          ["Held until", heldWords(found, now)],
        ]}
      />
      {found.problem ? (
        <Callout tone="warn" title="The server did not keep it">
          {found.problem}
        </Callout>
      ) : null}
      {found.state === "waiting" ? <KeepForm found={found} expired={Date.parse(found.expiresAt) <= now} /> : null}
    </article>
  );
}

function UnderWay({ found }: { found: FoundSecret }) {
  return (
    <Badge tone="accent" icon={<LoaderCircle className="size-3.5 animate-spin" aria-hidden="true" />}>
      {found.state === "keeping" ? `Going into the vault as ${found.name}` : "Being dismissed"}
    </Badge>
  );
}
