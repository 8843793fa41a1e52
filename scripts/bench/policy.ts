import { readFileSync } from "node:fs";
import path from "node:path";
import { ToolArguments } from "@berth/contracts";
import { classify } from "@berth/policy";
import { z } from "zod";
import { root } from "../stack/stack-options.ts";
import { pairedRounds, quantile, rounded } from "./measure.ts";

const Row = z.looseObject({ tool: z.string(), args: ToolArguments });

/** Classifying every call of the labelled corpus, against turning the same calls into JSON and back. */
export async function benchPolicy(): Promise<Record<string, number>> {
  const corpus = readFileSync(path.join(root, "packages/policy/corpus/part-1.jsonl"), "utf8");
  const calls = corpus
    .split("\n")
    .filter(Boolean)
    .map((line) => Row.parse(JSON.parse(line)));
  const ours = () => {
    for (const { tool, args } of calls) classify({ tool, args, agent: "main", origin: "person" });
  };
  const baseline = () => {
    for (const call of calls) JSON.parse(JSON.stringify(call));
  };
  const times = await pairedRounds(30, ours, baseline);
  const perCall = (ms: number): number => rounded((ms * 1000) / calls.length);
  return {
    calls: calls.length,
    microsecondsPerCall: perCall(quantile(times.ours, 0.5)),
    timesSlowerThanJson: rounded(quantile(times.ours, 0.5) / quantile(times.baseline, 0.5)),
  };
}
