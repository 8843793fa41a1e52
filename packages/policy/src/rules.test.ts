import { describe, expect, it } from "vitest";
import { classify } from "./classify.ts";
import type { Example } from "./rule.ts";
import { policyRules } from "./rules/index.ts";

const classifyExample = (example: Example) =>
  classify({
    ...(typeof example === "string" ? { tool: "run_command", args: { command: example } } : example),
    agent: "main",
    origin: "person",
  });

describe("rules", () => {
  it("have ids of their own", () => {
    expect(new Set(policyRules.map((rule) => rule.id)).size).toBe(policyRules.length);
  });

  it("mark what leaves the server as external", () => {
    for (const rule of policyRules) if (rule.actClass === "yellow_external") expect(rule.external, rule.id).toBe(true);
  });

  it.each(policyRules.map((rule) => [rule.id, rule] as const))("%s fires on its examples only", (id, rule) => {
    if (id !== "engine.fault") expect(rule.examples.length).toBeGreaterThan(0);
    expect(rule.counterExamples.length).toBeGreaterThan(0);
    for (const example of rule.examples) expect(classifyExample(example).rules, JSON.stringify(example)).toContain(id);
    for (const example of rule.counterExamples) {
      expect(classifyExample(example).rules, JSON.stringify(example)).not.toContain(id);
    }
  });
});
