/**
 * Counts which character follows which in names and words of installed packages (`*.js` and `*.md` that are no
 * README, one in seven), and writes the table by which `packages/redaction` tells a name from a random token.
 * To be run by hand when the table should know more; nothing else depends on the packages that happen to be installed.
 */
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { symbolOf } from "../packages/redaction/src/patterns/randomness.ts";

if (process.argv.includes("--help")) {
  console.log("node scripts/train-token-model.ts   write packages/redaction/src/patterns/token-model.ts anew");
  process.exit(0);
}
const root = path.resolve(import.meta.dirname, "..");
const symbols = 64;
/** A name that occurs in every file of a package says no more than one that occurs in five. */
const mostOfOneName = 5;
/** In the order of the symbols, so that one function reads them back. */
const digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+";

const files = globSync(["node_modules/**/*.js", "node_modules/**/*.md"], { cwd: root })
  .sort()
  .filter((file) => !/readme|\.min\.js$/i.test(file))
  .filter((file, at) => (file.endsWith(".md") || at % 7 === 0) && statSync(path.join(root, file)).size < 150_000);

const pairs = new Float64Array(symbols * symbols).fill(0.5);
const seen = new Map<string, number>();
for (const file of files) {
  for (const [name] of readFileSync(path.join(root, file), "utf8").matchAll(/[A-Za-z0-9_+/~-]{8,80}/g)) {
    const times = seen.get(name) ?? 0;
    const isDigest = /^[0-9a-f]{20,}$/i.test(name);
    if (isDigest || times >= mostOfOneName || !(/[0-9A-Z_-]/.test(name) || name.length >= 12)) continue;
    seen.set(name, times + 1);
    for (let at = 1; at < name.length; at += 1) {
      const pair = symbolOf(name.charCodeAt(at - 1)) * symbols + symbolOf(name.charCodeAt(at));
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
  }
}

const rows = Array.from({ length: symbols }, (_, first) => {
  const row = pairs.subarray(first * symbols, (first + 1) * symbols);
  const sum = row.reduce((total, count) => total + count, 0);
  return [...row].map((count) => digits[Math.min(symbols - 1, Math.round(-4 * Math.log2(count / sum)))]).join("");
});
writeFileSync(
  path.join(root, "packages/redaction/src/patterns/token-model.ts"),
  `/**
 * Written by scripts/train-token-model.ts. Row: a character (a-z, A-Z, 0-9, separators, signs). Column: the one after it.
 * Value: how surprising that is in a name, in quarter bits: one of the 64 symbols a-z A-Z 0-9 _ +.
 */
export const tokenModel: readonly string[] = [
${rows.map((row) => `  "${row}",`).join("\n")}
];
`,
);
console.log(`${files.length} files, ${seen.size} names`);
