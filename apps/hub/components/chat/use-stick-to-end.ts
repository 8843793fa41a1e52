"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const nearPx = 48;

/** Keeps a scrolling place at its end when `content` grows, but only if the reader was there. */
export function useStickToEnd(content: unknown) {
  const place = useRef<HTMLElement>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const goToEnd = useCallback(() => {
    const element = place.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const onScroll = (): void => {
      stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      setAtEnd(stuck.current);
    };
    const resized = new ResizeObserver(() => {
      if (stuck.current) goToEnd();
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", onScroll);
      resized.disconnect();
    };
  }, [goToEnd]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new content is the reason to look
  useLayoutEffect(() => {
    if (stuck.current) goToEnd();
  }, [content, goToEnd]);
  return { place, atEnd, goToEnd };
}
