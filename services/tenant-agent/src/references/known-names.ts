const maxShown = 20;
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** "Known names: …", those first that look like what was written; at most twenty, for there may be thousands. */
export function knownNames(names: readonly string[], written: string): string {
  const wanted = plain(written.replace(/secret[_-]?ref/i, ""));
  const rank = (name: string): number => {
    const own = plain(name);
    if (own === wanted) return 0;
    return wanted !== "" && (own.includes(wanted) || wanted.includes(own)) ? 1 : 2;
  };
  const ranked = names
    .map((name) => ({ name, rank: rank(name) }))
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  const shown = ranked.slice(0, maxShown).map(({ name }) => name);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return `Known names: ${shown.join(", ") || "none"}${more}.`;
}
