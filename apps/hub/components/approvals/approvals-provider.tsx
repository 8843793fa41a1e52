"use client";

import type { Approval, Page, TenantId } from "@berth/contracts";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { readApprovals } from "../hub-api/portal-calls.ts";
import { type Read, useRead } from "../hub-api/use-read.ts";
import { useReloadOnChange } from "../link/tenant-link-provider.tsx";

/** The event brings news at once; this is for the time in which there is no line. */
const pollMs = 10_000;

/** What became of a decision; it stays until the person has read it. */
export interface DecisionNote {
  id: string;
  tone: "good" | "warn";
  title: string;
  text: string;
}

interface PendingApprovals extends Read<Page<Approval>> {
  notes: DecisionNote[];
  addNote: (note: DecisionNote) => void;
  dropNote: (id: string) => void;
}

const Pending = createContext<PendingApprovals | null>(null);

/** What waits for a decision at this agent, always fresh, for every page below. */
export function ApprovalsProvider({ tenantId, children }: { tenantId: TenantId; children: ReactNode }) {
  const read = useCallback(() => readApprovals(tenantId, { state: "pending" }), [tenantId]);
  const { data, problem, reload } = useRead(read, pollMs);
  useReloadOnChange("approval", reload);
  const [notes, setNotes] = useState<DecisionNote[]>([]);
  const dropNote = useCallback((id: string) => setNotes((all) => all.filter((note) => note.id !== id)), []);
  const addNote = useCallback(
    // Good news makes room for news; what went wrong stays until it is closed.
    (note: DecisionNote) =>
      setNotes((all) => [note, ...all.filter(({ id, tone }) => id !== note.id && tone === "warn")]),
    [],
  );
  const value = useMemo(
    () => ({ data, problem, reload, notes, addNote, dropNote }),
    [data, problem, reload, notes, addNote, dropNote],
  );
  return <Pending.Provider value={value}>{children}</Pending.Provider>;
}

export function usePendingApprovals(): PendingApprovals {
  const pending = useContext(Pending);
  if (!pending) throw new Error("usePendingApprovals belongs below an ApprovalsProvider");
  return pending;
}
