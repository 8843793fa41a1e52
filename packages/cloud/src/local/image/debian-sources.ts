import { fail } from "@berth/platform";

interface SourceEntry {
  uri: string;
  suites: string[];
  components: string[];
}

/** Parses one deb822 file (`*.sources`). */
function parseDeb822(text: string): SourceEntry[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const line of stanza.split("\n")) {
      const found = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (found) fields.set(found[1]!.toLowerCase(), found[2]!.trim());
    }
    if (!fields.get("types")?.split(/\s+/).includes("deb") || fields.get("enabled") === "no") return [];
    const words = (field: string) => (fields.get(field) ?? "").split(/\s+/).filter(Boolean);
    return words("uris").map((uri) => ({ uri, suites: words("suites"), components: words("components") }));
  });
}

/** Parses one file of one-line entries (`sources.list`, `*.list`). */
function parseOneLine(text: string): SourceEntry[] {
  return text.split("\n").flatMap((line) => {
    const found = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.trim());
    if (!found) return [];
    return [{ uri: found[1]!, suites: [found[2]!], components: found[3]!.split(/\s+/).filter(Boolean) }];
  });
}

const isDebian = (entry: SourceEntry) => entry.components.includes("main") && /^https?:/.test(entry.uri);

/**
 * The apt lines from which `suite` is installed, taken from the machine's own sources, so that a mirror or proxy that is
 * set up there is used here as well. `files` maps each path under /etc/apt to its text.
 */
export function debianSources(files: Record<string, string>, suite: string, mirror?: string): string[] {
  const entries = Object.entries(files)
    .flatMap(([file, text]) => (file.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text)))
    .filter(isDebian);
  const path = (entry: SourceEntry) => entry.uri.replace(/\/+$/, "");
  const security = entries.find(
    (entry) => entry.suites.some((s) => s.endsWith("-security")) && /debian/.test(entry.uri),
  );
  const main = entries.find((entry) => /\/debian\/?$/.test(entry.uri));
  const mainUri = mirror?.replace(/\/+$/, "") ?? (main && path(main));
  if (mainUri === undefined) {
    fail("unavailable", "No Debian archive is in this machine's apt sources. Name one with LAB_DEBIAN_MIRROR.");
  }
  const securityUri = security && !mirror ? path(security) : mainUri.replace(/\/debian$/, "/debian-security");
  return [
    `deb ${mainUri} ${suite} main`,
    `deb ${mainUri} ${suite}-updates main`,
    `deb ${securityUri} ${suite}-security main`,
  ];
}
