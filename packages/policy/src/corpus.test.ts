import { readFileSync } from "node:fs";
import { ActClass } from "@berth/contracts";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { classify } from "./classify.ts";

const LabelledCall = z.strictObject({
  id: z.string(),
  class: ActClass,
  tool: z.string(),
  args: z.record(z.string(), z.json()),
  forbidden: z.boolean().optional(),
  external: z.boolean().optional(),
  rules: z.array(z.string()).optional(),
});

const calls = readFileSync(new URL("../corpus/part-1.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => LabelledCall.parse(JSON.parse(line)));

describe("labelled calls", () => {
  it("holds at least 150, none twice, every class among them", () => {
    expect(calls.length).toBeGreaterThanOrEqual(150);
    expect(new Set(calls.map(({ tool, args }) => JSON.stringify([tool, args]))).size).toBe(calls.length);
    expect(new Set(calls.map((call) => call.class))).toEqual(new Set(ActClass.options));
  });

  it.each(calls.map((call) => [call.id, call.class, JSON.stringify(call.args), call] as const))(
    "%s is %s: %s",
    (_id, expected, _args, call) => {
      const verdict = classify({ tool: call.tool, args: call.args, agent: "main", origin: "person" });
      expect({ class: verdict.actClass, forbidden: verdict.forbidden }, verdict.rules.join(" ")).toEqual({
        class: expected,
        forbidden: call.forbidden ?? false,
      });
      if (call.external !== undefined) expect(verdict.external).toBe(call.external);
      if (call.rules !== undefined) expect(verdict.rules).toEqual(expect.arrayContaining(call.rules));
      expect(verdict.reason).not.toBe("");
    },
  );
});
