import { ActClass, type AutonomyTier, BerthTool, type PolicyBundle } from "@berth/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atLeast } from "./act-class.ts";
import { type Classification, classify } from "./classify.ts";
import { type Decision, decide } from "./decide.ts";
import { policyRules } from "./rules/index.ts";

const policyOf = (
  tier: AutonomyTier,
  more: Partial<PolicyBundle> = {},
  unlockedChannels: string[] = [],
): PolicyBundle => ({
  tenantId: `tnt_${"0".repeat(32)}`,
  version: 1,
  issuedAt: "2026-11-21T00:00:00Z",
  agents: { main: { tier, tools: [...BerthTool.options], unlockedChannels } },
  egress: { allowHosts: [], gatewayHosts: [] },
  budget: { tokensPerMonth: null },
  approvals: { expiresAfterMs: 1, maxOpenPerSession: 1 },
  toolsOff: false,
  ...more,
});
const classified = (actClass: ActClass, more: Partial<Classification> = {}): Classification => ({
  tool: "run_command",
  channel: null,
  actClass,
  rules: [],
  reason: "",
  blastRadius: "",
  reversible: true,
  external: actClass === "yellow_external",
  secretNames: [],
  forbidden: false,
  ...more,
});
const of = (tool: string, args: unknown) => classify({ tool, args, agent: "main", origin: "person" });
const tiers: AutonomyTier[] = [1, 2, 3];

describe("decide", () => {
  it.each<[ActClass, Decision[]]>([
    ["green", ["run", "run", "run"]],
    ["yellow", ["ask", "run", "run"]],
    ["yellow_external", ["ask", "ask", "ask"]],
    ["red", ["ask", "ask", "run"]],
    ["critical_red", ["ask", "ask", "ask"]],
  ])("%s follows the table of tiers", (actClass, decisions) => {
    const found = tiers.map((tier) =>
      decide({ classification: classified(actClass), policy: policyOf(tier), agent: "main" }),
    );
    expect(found).toEqual(decisions);
  });

  it("lets an external act run only at tier 3 over the channel that was unlocked", () => {
    const classification = of("send_message", { channel: "telegram", to: "a", text: "b" });
    const at = (tier: AutonomyTier, unlocked: string[]) =>
      decide({ classification, policy: policyOf(tier, {}, unlocked), agent: "main" });
    expect(at(3, ["telegram"])).toBe("run");
    expect([at(3, []), at(3, ["mail"]), at(2, ["telegram"]), at(1, ["telegram"])]).toEqual([
      "ask",
      "ask",
      "ask",
      "ask",
    ]);
  });

  it("asks for a red act that is external too, at every tier", () => {
    const classification = of("run_command", { command: "rm a; curl https://example.com" });
    expect(decide({ classification, policy: policyOf(3), agent: "main" })).toBe("ask");
  });

  it("refuses a forbidden act, an unknown agent, an unlisted tool and everything while tools are off", () => {
    const green = classified("green");
    const refusals = [
      decide({ classification: classified("green", { forbidden: true }), policy: policyOf(3), agent: "main" }),
      decide({ classification: green, policy: policyOf(3), agent: "other" }),
      decide({ classification: green, policy: policyOf(3), agent: "toString" }),
      decide({ classification: classified("green", { tool: "exec" }), policy: policyOf(3), agent: "main" }),
      decide({ classification: green, policy: policyOf(3, { toolsOff: true }), agent: "main" }),
    ];
    expect(new Set(refusals)).toEqual(new Set(["refuse"]));
  });
});

const snippets = policyRules
  .flatMap((rule) => [...rule.examples, ...rule.counterExamples])
  .filter((example) => typeof example === "string")
  .filter((command) => !of("run_command", { command }).rules.includes("shell.unparseable"));
const snippet = fc.constantFrom(...snippets);

describe("properties", () => {
  it("adding a clause never lowers the class", () => {
    fc.assert(
      fc.property(snippet, snippet, fc.constantFrom("; ", " && ", " || ", " | ", "\n", " & "), (a, b, joint) => {
        const whole = of("run_command", { command: `${a}${joint}${b}` });
        for (const part of [a, b]) {
          const alone = of("run_command", { command: part });
          expect(atLeast(whole.actClass, alone.actClass), `${a}${joint}${b}`).toBe(true);
          expect(whole.external || !alone.external).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("hiding a command in another never lowers the class", () => {
    const wraps = [
      (c: string) => `(${c}\n)`,
      (c: string) => `{ ${c}\n}`,
      (c: string) => `echo "$(${c}\n)"`,
      (c: string) => `if true; then ${c}\nfi`,
      (c: string) => `while false; do ${c}\ndone`,
      (c: string) => `wrapped() { ${c}\n}; wrapped`,
      (c: string) => `bash -c '${c.replaceAll("'", `'\\''`)}'`,
      (c: string) => `cat < <(${c}\n)`,
    ];
    fc.assert(
      fc.property(snippet, fc.constantFrom(...wraps), (command, wrap) => {
        const alone = of("run_command", { command });
        expect(atLeast(of("run_command", { command: wrap(command) }).actClass, alone.actClass), wrap(command)).toBe(
          true,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("no tier and no arguments give an external act unasked unless its channel is unlocked", () => {
    const anyArgs = fc.oneof(
      fc.record({
        command: fc.oneof(
          fc.string(),
          snippet,
          fc.tuple(snippet, fc.string()).map(([a, b]) => `${a};${b}`),
        ),
      }),
      fc.record({ method: fc.constantFrom("GET", "POST", "DELETE"), url: fc.webUrl(), body: fc.string() }),
      fc.record({ channel: fc.constantFrom("telegram", "mail", "__proto__"), to: fc.string(), text: fc.string() }),
      fc.object(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...BerthTool.options), anyArgs, fc.constantFrom(...tiers), (tool, args, tier) => {
        const classification = of(tool, args);
        const decision = decide({ classification, policy: policyOf(tier, {}, ["other"]), agent: "main" });
        if (classification.external || classification.actClass === "yellow_external") expect(decision).not.toBe("run");
      }),
      { numRuns: 2000 },
    );
  });

  it("never throws and always says why, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.string()),
        fc.anything(),
        (text, anything) => {
          for (const tool of BerthTool.options) {
            for (const args of [
              { command: text },
              { op: "read", path: text },
              { method: "GET", url: text },
              anything,
            ]) {
              const verdict = of(tool, args);
              expect(ActClass.options).toContain(verdict.actClass);
              expect(verdict.reason).not.toBe("");
            }
          }
          expect(of(text, anything).forbidden || BerthTool.safeParse(text).success).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("answers deep and long commands in time, and not with green", () => {
    const deep = `${"$(".repeat(2000)}ls${")".repeat(2000)}`;
    const started = performance.now();
    expect(of("run_command", { command: `echo ${deep}` }).actClass).not.toBe("green");
    expect(of("run_command", { command: "frob; ".repeat(5000) }).actClass).toBe("red");
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
