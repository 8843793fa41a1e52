"use client";

import { Callout } from "@berth/ui";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { usePendingApprovals } from "./approvals-provider.tsx";

/** What became of the decisions made here. Focus comes here when the card it was on has gone. */
export function DecisionNotes() {
  const { notes, dropNote } = usePendingApprovals();
  const place = useRef<HTMLDivElement>(null);
  const newest = notes[0];
  useEffect(() => {
    if (newest && document.activeElement === document.body) place.current?.focus();
  }, [newest]);
  return (
    <div ref={place} tabIndex={-1} role="status" className="grid gap-2 empty:hidden">
      {notes.map((note) => (
        <div key={note.id} className="relative">
          <Callout tone={note.tone} title={note.title}>
            <p className="pr-8">{note.text}</p>
          </Callout>
          <button
            type="button"
            onClick={() => dropNote(note.id)}
            className="absolute top-1 right-1 grid size-9 cursor-pointer place-items-center rounded-control text-soft hover:text-ink"
          >
            <X className="size-4" aria-hidden="true" />
            <span className="sr-only">Close this note</span>
          </button>
        </div>
      ))}
    </div>
  );
}
