/**
 * `npm run false-alarms [-- --json] [-- --list]`: every hit of the pattern layer on texts that nobody tuned it to, per MB.
 * Every hit counts, also one on something that a page shows as a secret; `--list` shows each, for a person to judge.
 */
import path from "node:path";
import { createRedactor } from "@berth/redaction";
import { readText, type Texts, untunedTexts } from "./patterns/untuned-texts.ts";
import { root } from "./stack/stack-options.ts";

interface Alarm {
  rule: string;
  file: string;
  line: number;
  /** What was hit, on one line, with a little of what stands before it. */
  text: string;
}

const flags = new Set(process.argv.slice(2));
const { find } = createRedactor([]);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function alarmsIn(file: string, text: string): Alarm[] {
  return find(text).map(({ begin, end, name }) => ({
    rule: name,
    file: path.relative(root, file),
    line: text.slice(0, begin).split("\n").length,
    text: JSON.stringify(
      `${text.slice(Math.max(0, begin - 30), begin)}⟦${text.slice(begin, Math.min(end, begin + 80))}`,
    ),
  }));
}

function countAlarms({ name, files }: Texts) {
  let bytes = 0;
  const alarms = files.flatMap((file) => {
    const text = readText(file);
    bytes += Buffer.byteLength(text);
    return alarmsIn(file, text);
  });
  const byRule: Record<string, number> = {};
  for (const { rule } of alarms) byRule[rule] = (byRule[rule] ?? 0) + 1;
  const megabytes = bytes / 1_000_000;
  const figures = {
    files: files.length,
    megabytes,
    hits: alarms.length,
    hitsPerMegabyte: alarms.length / megabytes,
    byRule,
  };
  return { name, alarms, figures };
}

const counts = (await untunedTexts()).map(countAlarms);
if (flags.has("--list")) {
  for (const { name, alarms } of counts) {
    const sorted = alarms.toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
    for (const { rule, file, line, text } of sorted) say(`${name}  ${rule}  ${file}:${line}  ${text}`);
  }
}
if (flags.has("--json")) {
  say(JSON.stringify(Object.fromEntries(counts.map(({ name, figures }) => [name, figures]))));
} else {
  for (const { name, figures } of counts) {
    const { files, megabytes, hits, hitsPerMegabyte } = figures;
    say(
      `${name.padEnd(13)} ${hits} hits in ${files} files, ${megabytes.toFixed(1)} MB: ${hitsPerMegabyte.toFixed(2)} per MB`,
    );
  }
}
