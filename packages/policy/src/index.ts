export { atLeast, worstOf } from "./act-class.ts";
export { type ClassifiableCall, type Classification, classify } from "./classify.ts";
export { type Decision, decide } from "./decide.ts";
export { gateProbeCommand, gateProbeRefusal } from "./gate-probe.ts";
export type { CommandRule, Example, Rule } from "./rule.ts";
export { policyRules } from "./rules/index.ts";
export { findSecretRefs, type SecretRefs, secretRefPattern } from "./secret-refs.ts";
