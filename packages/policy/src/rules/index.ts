import type { CommandRule, Rule } from "../rule.ts";
import { toolRules } from "../tools/tool-rules.ts";
import { changingRules } from "./changing.ts";
import { destructiveRules } from "./destructive.ts";
import { programRules } from "./programs.ts";
import { readingRules } from "./reading.ts";
import { structuralRules } from "./structural.ts";

export const commandRules: readonly CommandRule[] = [
  ...readingRules,
  ...changingRules,
  ...destructiveRules,
  ...programRules,
];

/** Every rule, for the classifier, the tests and the page that explains them. */
export const policyRules: readonly Rule[] = [...commandRules, ...structuralRules, ...toolRules];

export const ruleById: ReadonlyMap<string, Rule> = new Map(policyRules.map((rule) => [rule.id, rule]));

/** Rules by the name of the command. */
export const rulesByCommand: ReadonlyMap<string, readonly CommandRule[]> = (() => {
  const byName = new Map<string, CommandRule[]>();
  for (const rule of commandRules) {
    for (const name of rule.commands) byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  return byName;
})();
