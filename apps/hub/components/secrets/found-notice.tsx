"use client";

import type { TenantId } from "@berth/contracts";
import { KeyRound, X } from "lucide-react";
import Link from "next/link";
import { looksLike } from "./found-words.ts";
import { useFoundSecrets } from "./secrets-provider.tsx";

/** One quiet line above the conversation while something was found that nobody has decided on. */
export function FoundNotice({ tenantId }: { tenantId: TenantId }) {
  const { waiting, putAway, putAwayAll } = useFoundSecrets();
  const fresh = waiting.filter(({ id }) => !putAway.has(id));
  const [first] = fresh;
  const what = fresh.length === 1 && first ? looksLike(first) : `${fresh.length} secrets`;
  return (
    <div role="status" className="empty:hidden">
      {first ? (
        <div className="flex items-center gap-3 border-b border-line bg-accent-wash py-1 pr-2 pl-4 text-sm sm:pl-6">
          <KeyRound className="size-4 shrink-0 text-accent" aria-hidden="true" />
          <p className="min-w-0 flex-1 py-1">
            Taken out of what your agent read: {what}.{" "}
            <Link href={`/agents/${tenantId}/secrets`} className="font-medium text-accent underline">
              {fresh.length === 1 ? "Keep it in the vault?" : "Keep them in the vault?"}
            </Link>
          </p>
          <button
            type="button"
            onClick={putAwayAll}
            className="grid size-9 shrink-0 cursor-pointer place-items-center rounded-control text-soft hover:text-ink"
          >
            <X className="size-4" aria-hidden="true" />
            <span className="sr-only">Put this notice away</span>
          </button>
        </div>
      ) : null}
    </div>
  );
}
