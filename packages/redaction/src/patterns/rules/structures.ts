import type { StructureRule } from "../rule.ts";

/** Constructions that hold a secret whoever issued it. */
export const structureRules: readonly StructureRule[] = [];
