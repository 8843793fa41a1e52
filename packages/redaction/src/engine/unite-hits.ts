import type { Hit } from "../hit.ts";

const byPlace = (a: Hit, b: Hit): number =>
  a.begin - b.begin ||
  b.end - a.end ||
  (a.kind === b.kind ? 0 : a.kind === "secret" ? -1 : 1) ||
  (a.name < b.name ? -1 : 1);

/**
 * Overlapping hits become one, named after the one that begins first (the longest of those); a secret of the registry
 * goes before what only looks like one. The result is sorted.
 */
export function uniteHits(hits: Hit[]): Hit[] {
  const united: Hit[] = [];
  for (const hit of [...hits].sort(byPlace)) {
    const last = united.at(-1);
    if (!last || hit.begin >= last.end) {
      united.push({ ...hit });
      continue;
    }
    last.end = Math.max(last.end, hit.end);
    if (last.kind === "pattern" && hit.kind === "secret") {
      last.kind = "secret";
      last.name = hit.name;
    }
  }
  return united;
}
