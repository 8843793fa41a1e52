"use client";

import type { FoundSecret, Page, TenantId } from "@berth/contracts";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { readFoundSecrets } from "../hub-api/secret-calls.ts";
import { type Read, useRead } from "../hub-api/use-read.ts";
import { useReloadOnChange } from "../link/tenant-link-provider.tsx";

/** The event brings news at once; this is for the time in which there is no line. */
const pollMs = 20_000;

interface OpenFoundSecrets extends Read<Page<FoundSecret>> {
  /** Those that wait for the person's word. */
  waiting: FoundSecret[];
  /** Ids whose notice in the chat was put away until the page is loaded anew. */
  putAway: ReadonlySet<string>;
  putAwayAll: () => void;
}

const Found = createContext<OpenFoundSecrets | null>(null);

/** What this agent's server has found and still holds, always fresh, for every page below. */
export function SecretsProvider({ tenantId, children }: { tenantId: TenantId; children: ReactNode }) {
  const read = useCallback(() => readFoundSecrets(tenantId, { show: "open" }), [tenantId]);
  const { data, problem, reload } = useRead(read, pollMs);
  useReloadOnChange("secret", reload);
  const [putAway, setPutAway] = useState<ReadonlySet<string>>(new Set());
  const value = useMemo(() => {
    const waiting = data?.items.filter(({ state }) => state === "waiting") ?? [];
    const putAwayAll = () => setPutAway((all) => new Set([...all, ...waiting.map(({ id }) => id)]));
    return { data, problem, reload, waiting, putAway, putAwayAll };
  }, [data, problem, reload, putAway]);
  return <Found.Provider value={value}>{children}</Found.Provider>;
}

export function useFoundSecrets(): OpenFoundSecrets {
  const found = useContext(Found);
  if (!found) throw new Error("useFoundSecrets belongs below a SecretsProvider");
  return found;
}
