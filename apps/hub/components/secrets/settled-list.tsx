"use client";

import type { FoundSecret, TenantId } from "@berth/contracts";
import { Badge, Button, type Tone } from "@berth/ui";
import { CircleCheck, CircleSlash, Clock, type LucideIcon } from "lucide-react";
import { useCallback } from "react";
import { ReadProblem } from "../frame/read-problem.tsx";
import { momentWords } from "../frame/times.ts";
import { readFoundSecrets } from "../hub-api/secret-calls.ts";
import { usePages } from "../hub-api/use-pages.ts";
import { useReloadOnChange } from "../link/tenant-link-provider.tsx";
import { looksLike } from "./found-words.ts";

const ends: Record<string, { tone: Tone; icon: LucideIcon; word: string }> = {
  kept: { tone: "good", icon: CircleCheck, word: "Kept" },
  dismissed: { tone: "neutral", icon: CircleSlash, word: "Dismissed" },
  expired: { tone: "neutral", icon: Clock, word: "Forgotten" },
};

/** What became of earlier ones, newest first; nothing at all while there is none. */
export function SettledList({ tenantId }: { tenantId: TenantId }) {
  const read = useCallback(
    (cursor?: string) => readFoundSecrets(tenantId, { show: "settled", ...(cursor ? { cursor } : {}) }),
    [tenantId],
  );
  const { items, problem, reload, more } = usePages(read);
  useReloadOnChange("secret", reload);
  if (!problem && (items === null || items.length === 0)) return null;
  return (
    <section aria-labelledby="settled" className="mt-10">
      <h2 id="settled" className="mb-3 text-lg font-semibold">
        Found earlier
      </h2>
      {problem ? <ReadProblem what="The list" problem={problem} stale={items !== null} onRetry={reload} /> : null}
      {items && items.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
          {items.map((found) => (
            <SettledRow key={found.id} found={found} />
          ))}
        </ul>
      ) : null}
      {more ? (
        <Button kind="quiet" className="mt-3" onClick={more}>
          Show older
        </Button>
      ) : null}
    </section>
  );
}

function SettledRow({ found }: { found: FoundSecret }) {
  const { tone, icon: Icon, word } = ends[found.state] ?? { tone: "neutral", icon: Clock, word: found.state };
  const by = found.decidedBy === "server" ? "at the server’s console" : found.decidedBy ? `by ${found.decidedBy}` : "";
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-3 sm:px-5">
      <Badge tone={tone} icon={<Icon className="size-3.5" aria-hidden="true" />}>
        {word}
      </Badge>
      <span className="text-sm">{looksLike(found)}</span>
      {found.state === "kept" ? (
        <span className="text-sm text-soft">
          as <span className="font-mono text-ink">{found.name}</span>
        </span>
      ) : null}
      <span className="text-sm text-faint sm:ml-auto">
        {[by, found.settledAt ? momentWords(found.settledAt) : ""].filter(Boolean).join(", ")}
      </span>
    </li>
  );
}
