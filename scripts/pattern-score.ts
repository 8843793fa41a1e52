/**
 * `npm run pattern-score [-- --json] [-- --list]`: how much of the examples in `packages/redaction/corpus` the pattern
 * layer takes out. Of the examples that are set aside it never shows a value: `--list` names vendor and kind.
 */
import { createRedactor } from "@berth/redaction";
import { readExamples } from "../packages/redaction/corpus/read-examples.ts";
import { type Outcome, outcomeOf, type Recall, recallOf } from "./patterns/recall.ts";

const flags = new Set(process.argv.slice(2));
const { find } = createRedactor([]);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const outcomesOf = (part: "visible" | "heldOut"): Outcome[] =>
  readExamples(part).map((example) => outcomeOf(find, example));
const outcomes = { visible: outcomesOf("visible"), heldOut: outcomesOf("heldOut") };

function sayMisses(part: keyof typeof outcomes): void {
  for (const { example, left } of outcomes[part]) {
    for (const where of ["inContext", "bare"] as const) {
      if (left[where] === 0) continue;
      const shown = part === "heldOut" ? "" : `  ${JSON.stringify(example.value.slice(0, 60))}`;
      say(`${part}  ${where.padEnd(9)}  ${percent(left[where])} left  ${example.vendor}: ${example.kind}${shown}`);
    }
  }
}

const sayRecall = (part: string, { examples, inContext, bare }: Recall): void =>
  say(`${part.padEnd(8)} ${examples} examples: ${percent(inContext)} gone in context, ${percent(bare)} bare`);

const recall = { visible: recallOf(outcomes.visible), heldOut: recallOf(outcomes.heldOut) };
if (!flags.has("--json")) sayMisses("visible");
if (flags.has("--list")) sayMisses("heldOut");
if (flags.has("--json")) {
  say(JSON.stringify(recall));
} else {
  sayRecall("visible", recall.visible);
  sayRecall("held out", recall.heldOut);
}
