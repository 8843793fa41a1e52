import { useEffect, useState } from "react";

/** A moment up to which this browser has seen something, and how to move it; undefined until it is read, null while none is kept. */
export function useSeenUntil(key: string): { seenUntil: string | null | undefined; see: (moment: string) => void } {
  const [seenUntil, setSeenUntil] = useState<string | null>();
  useEffect(() => setSeenUntil(localStorage.getItem(key)), [key]);
  const see = (moment: string): void => {
    localStorage.setItem(key, moment);
    setSeenUntil(moment);
  };
  return { seenUntil, see };
}
