"use client";

import { useEffect, useState } from "react";

/** Unsent text, kept for the tab's life, so that neither a reload nor a sign-in on the way loses it. */
export function useDraft(key: string): [draft: string, setDraft: (text: string) => void] {
  const place = `berth.draft.${key}`;
  const [draft, setDraft] = useState("");
  useEffect(() => setDraft(sessionStorage.getItem(place) ?? ""), [place]);
  return [
    draft,
    (text) => {
      setDraft(text);
      if (text) sessionStorage.setItem(place, text);
      else sessionStorage.removeItem(place);
    },
  ];
}
