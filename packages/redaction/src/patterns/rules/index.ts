import type { PatternRule } from "../rule.ts";
import { structureRules } from "./structures.ts";

/** The one table: what is found is what is replaced, and what `docs/redaction-rules.md` lists. */
export const patternRules: readonly PatternRule[] = [...structureRules];
