"use client";

import { type HubProblem, hubProblemOf } from "@berth/api-client";
import { useCallback, useEffect, useState } from "react";
import { signInHref } from "../session/next-url.ts";

export interface Read<T> {
  /** The last good answer; it stays while a newer one is on its way or fails. */
  data: T | null;
  problem: HubProblem | null;
  reload: () => void;
}

/** A session that has ended: on to the sign-in page and back. Answers whether that was it. */
export function leftForSignIn(problem: HubProblem): boolean {
  if (problem.status !== 401) return false;
  const { pathname, search } = window.location;
  window.location.assign(signInHref(pathname + search));
  return true;
}

/**
 * Reads something from the Hub: at once, every `everyMs` while the tab is seen, when it is seen again, and on `reload`. The
 * newest question wins. `read` must be the same function from one render to the next.
 */
export function useRead<T>(read: () => Promise<T>, everyMs: number | null = null): Read<T> {
  const [answer, setAnswer] = useState<{ data: T | null; problem: HubProblem | null }>({ data: null, problem: null });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is read again when it changes
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = (): void => {
      if (!document.hidden) reload();
    };
    read()
      .then((data) => current && setAnswer({ data, problem: null }))
      .catch((thrown: unknown) => {
        const problem = hubProblemOf(thrown);
        if (current && !leftForSignIn(problem)) setAnswer(({ data }) => ({ data, problem }));
      })
      .finally(() => {
        if (current && everyMs !== null) timer = setTimeout(next, everyMs);
      });
    document.addEventListener("visibilitychange", next);
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", next);
    };
  }, [read, round, everyMs, reload]);
  return { ...answer, reload };
}
