/**
 * Writes `docs/redaction-rules.md`, the list of what is looked for without being told, from the table in
 * `packages/redaction`. `--check` writes nothing and fails if the file differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type PatternRule, patternRules } from "../packages/redaction/src/patterns/index.ts";

if (process.argv.includes("--help")) {
  console.log("npm run redaction-rules [-- --check]   write (or compare) docs/redaction-rules.md");
  process.exit(0);
}
const file = path.join(path.resolve(import.meta.dirname, ".."), "docs/redaction-rules.md");

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

/** By what a rule knows its tokens. */
function signOf(rule: PatternRule): string {
  switch (rule.kind) {
    case "prefix":
      return `begins with ${rule.starts.slice(0, 4).map(code).join(", ")}${rule.starts.length > 4 ? " …" : ""}`;
    case "keyword":
      return `near ${rule.keywords.slice(0, 3).map(code).join(", ")}${rule.everyday ? " and a word for a credential" : ""}`;
    case "host":
      return `in a URL of ${rule.hosts.slice(0, 3).map(code).join(", ")}`;
    case "shape":
      return "its shape";
    case "structure":
      return "what it stands in";
  }
}

const rows = patternRules.map((rule) => {
  const proof = rule.kind !== "structure" && rule.checksum !== undefined ? ", checksum" : "";
  return `| \`${rule.id}\` | ${rule.vendor} | ${rule.what} | ${signOf(rule)}${proof} | [format](${rule.docs}) |`;
});
const text = `# What is looked for without being told

Written by \`npm run redaction-rules\` from the table in \`packages/redaction/src/patterns/rules\`: do not edit.

Values in the vault are found in any form. Besides, these ${patternRules.length} rules find secrets that the vault does not know. A hit
is replaced by \`[REDACTED:rule]\`. A rule that needs words near it does not find the same value alone: a bare digest, a UUID
or a short password cannot be told from harmless text.

| Rule | Issuer | What | Known by | Source |
|---|---|---|---|---|
${rows.join("\n")}
`;

const readOrEmpty = (): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readOrEmpty() !== text) {
  console.error("docs/redaction-rules.md is not what the table of rules says. Run `npm run redaction-rules`.");
  process.exitCode = 1;
}
