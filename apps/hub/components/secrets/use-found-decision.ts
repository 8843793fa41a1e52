"use client";

import { hubProblemOf } from "@berth/api-client";
import type { FoundSecret } from "@berth/contracts";
import { useState } from "react";
import { momentWords } from "../frame/times.ts";
import { dismissFoundSecret, keepFoundSecret } from "../hub-api/secret-calls.ts";
import { leftForSignIn } from "../hub-api/use-read.ts";
import { useFoundSecrets } from "./secrets-provider.tsx";

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Tells the Hub what shall become of a found secret. What it cannot do is said in its own words, times in the reader's. */
export function useFoundDecision({ id }: Pick<FoundSecret, "id">) {
  const { reload } = useFoundSecrets();
  const [busy, setBusy] = useState<"keep" | "dismiss" | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  async function tell(word: "keep" | "dismiss", call: () => Promise<unknown>): Promise<void> {
    setBusy(word);
    setProblem(null);
    try {
      await call();
      reload();
    } catch (thrown) {
      const found = hubProblemOf(thrown);
      if (leftForSignIn(found)) return;
      setProblem(found.message.replaceAll(instant, (iso) => momentWords(iso)));
      if (found.status === 409 || found.status === 404) reload();
    } finally {
      setBusy(null);
    }
  }
  return {
    busy,
    problem,
    keep: (name: string) => tell("keep", () => keepFoundSecret(id, { name })),
    dismiss: () => tell("dismiss", () => dismissFoundSecret(id)),
  };
}
