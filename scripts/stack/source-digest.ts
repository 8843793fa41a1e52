import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a build writes is no source. */
const ignored = new Set(["node_modules", ".next", "dist", ".turbo", "test-results", "next-env.d.ts"]);

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return [];
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}

/** SHA-256 over names and contents of all sources in these folders and files, for "is what was built still true?". */
export function sourceDigest(root: string, folders: string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const full = path.join(root, folder);
    for (const file of filesUnder(full).sort()) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash.update(path.relative(root, file)).update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}
