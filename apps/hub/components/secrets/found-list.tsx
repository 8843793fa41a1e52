"use client";

import { Callout, EmptyState, Loading } from "@berth/ui";
import { ReadProblem } from "../frame/read-problem.tsx";
import { FoundCard } from "./found-card.tsx";
import { useFoundSecrets } from "./secrets-provider.tsx";

/** What waits for a name or a no, and what one should know before. */
export function FoundList() {
  const { data, problem, reload } = useFoundSecrets();
  const items = data?.items ?? [];
  return (
    <section aria-labelledby="found">
      <h2 id="found" className="mb-3 text-lg font-semibold">
        Found by your agent
      </h2>
      {problem ? <ReadProblem what="The list" problem={problem} stale={data !== null} onRetry={reload} /> : null}
      {data === null && !problem ? <Loading label="Reading what was found" rows={1} /> : null}
      {data && items.length === 0 ? (
        <EmptyState>
          Nothing waits. A value that looks like a secret, that your agent’s server has taken out of a text and that its
          vault does not know, is offered here.
        </EmptyState>
      ) : null}
      {items.length > 0 ? (
        <div className="mb-4">
          <Callout title="Keep only what you know to be yours">
            What your agent reads can hold somebody else’s key, put there to be used. A secret that you keep here may go
            nowhere by itself: each time your agent wants to use it, you are asked first.
          </Callout>
        </div>
      ) : null}
      <div className="grid gap-4 lg:grid-cols-2 lg:items-start">
        {items.map((found) => (
          <FoundCard key={found.id} found={found} />
        ))}
      </div>
    </section>
  );
}
