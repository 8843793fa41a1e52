"use client";

import type { Page } from "@berth/contracts";
import { useCallback, useState } from "react";
import { type Read, useRead } from "./use-read.ts";

export interface Pages<T> extends Omit<Read<unknown>, "data"> {
  items: T[] | null;
  /** Reads one page more; null when there is none. */
  more: (() => void) | null;
}

/** A list read page by page. `reload` reads all the pages again that are shown, so that none of them is old. */
export function usePages<T>(read: (cursor?: string) => Promise<Page<T>>, everyMs: number | null = null): Pages<T> {
  const [count, setCount] = useState(1);
  const readAll = useCallback(async (): Promise<Page<T>> => {
    let all = await read();
    for (let page = 1; page < count && all.nextCursor; page += 1) {
      const next = await read(all.nextCursor);
      all = { items: [...all.items, ...next.items], nextCursor: next.nextCursor };
    }
    return all;
  }, [read, count]);
  const { data, problem, reload } = useRead(readAll, everyMs);
  const more = data?.nextCursor ? () => setCount((last) => last + 1) : null;
  return { items: data?.items ?? null, problem, reload, more };
}
