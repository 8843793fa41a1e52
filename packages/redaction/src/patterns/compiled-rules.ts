import { checksums } from "./checksums.ts";
import { entropyOf, evidenceOf } from "./randomness.ts";
import type { HostRule, KeywordRule, PatternRule, PrefixRule, ShapeRule } from "./rule.ts";
import { isDigit } from "./scan.ts";

/** Where a rule's form matched. */
export interface Match {
  begin: number;
  end: number;
}

const longestLead = 24;
/** What guides put where the random part goes. */
const filler = /x{5}|X{5}|\*{3}|\.{3}|…|your|placeholder|change_?me|redacted|dummy|0{9}|1{7}|-here$/i;

const isLetter = (unit: number): boolean => (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
/** A token that goes on is not the one that the form describes. */
const goesOn = (unit: number): boolean => isLetter(unit) || isDigit(unit) || unit === 95 || unit === 45;

type FormRule = PrefixRule | ShapeRule | KeywordRule | HostRule;

export interface CompiledRule {
  id: string;
  /** See `KeywordRule`. */
  everyday: boolean;
  /** The form has a `.`, `:`, `|`, `~` or `/` in it: no use trying it on a token that stands alone. */
  joined: boolean;
  matchAt(text: string, at: number): Match | null;
}

function compile(rule: FormRule): CompiledRule {
  const form = new RegExp(rule.form.source, `${rule.form.flags.replace("y", "")}dy`);
  const { lead, entropy, evidence, checksum } = rule;
  const holds = checksum === undefined ? null : checksums[checksum];
  return {
    id: rule.id,
    joined:
      /[:~/]|\\[.|]/.test(rule.form.source.replace(/\(\?[:!=][^)]{0,2}/g, "(").replace(/\[[^\]]*\]/g, "")) ||
      rule.lead !== undefined,
    everyday: rule.kind === "keyword" && rule.everyday === true,
    matchAt(text, at) {
      form.lastIndex = at;
      const match = form.exec(text);
      if (match === null) return null;
      const [whole = at, end = at] = match.indices?.[0] ?? [];
      let begin = match.indices?.[1]?.[0] ?? whole;
      if (goesOn(text.charCodeAt(end))) return null;
      if (lead) {
        const before = lead.exec(text.slice(Math.max(0, at - longestLead), at));
        if (before === null) return null;
        begin -= before[1]?.length ?? 0;
      }
      const last = match.indices?.[1]?.[1] ?? end;
      const token = text.slice(begin, last);
      if (filler.test(token) || new Set(token).size < 6) return null;
      if (evidence !== undefined && evidenceOf(token) < evidence) return null;
      if (entropy !== undefined && entropyOf(token) < entropy) return null;
      return holds === null || holds(token) ? { begin, end: last } : null;
    },
  };
}

const dispatchKey = (first: number, second: number): number => ((first & 127) << 7) | (second & 127);

/** The rules of one table, by what calls them up. */
export interface RuleIndex {
  /** Rules of which a beginning starts with these two units; undefined for most pairs. */
  startingWith(first: number, second: number): { start: string; rule: CompiledRule }[] | undefined;
  shapes: CompiledRule[];
  /** Those of them that have no joint in their form. */
  lonelyShapes: CompiledRule[];
  /** By word. */
  keywords: Map<string, CompiledRule[]>;
  /** By host name or a parent domain of it. */
  hosts: Map<string, CompiledRule[]>;
}

export function indexRules(rules: readonly PatternRule[]): RuleIndex {
  const starts: ({ start: string; rule: CompiledRule }[] | undefined)[] = Array.from({ length: 1 << 14 });
  const index: RuleIndex = {
    startingWith: (first, second) => (first > 127 || second > 127 ? undefined : starts[dispatchKey(first, second)]),
    shapes: [],
    lonelyShapes: [],
    keywords: new Map(),
    hosts: new Map(),
  };
  const isLast = (rule: PatternRule): boolean => rule.kind === "prefix" && rule.last === true;
  for (const rule of [...rules].sort((a, b) => Number(isLast(a)) - Number(isLast(b)))) {
    if (rule.kind === "structure") continue;
    const compiled = compile(rule);
    if (rule.kind === "shape") index.shapes.push(compiled);
    if (rule.kind === "shape" && !compiled.joined) index.lonelyShapes.push(compiled);
    if (rule.kind === "keyword") addTo(index.keywords, rule.keywords, compiled);
    if (rule.kind === "host") addTo(index.hosts, rule.hosts, compiled);
    if (rule.kind !== "prefix") continue;
    for (const start of rule.starts) {
      const key = dispatchKey(start.charCodeAt(0), start.charCodeAt(1));
      starts[key] = [...(starts[key] ?? []), { start, rule: compiled }];
    }
  }
  return index;
}

function addTo(map: Map<string, CompiledRule[]>, words: readonly string[], rule: CompiledRule): void {
  for (const word of words) map.set(word, [...(map.get(word) ?? []), rule]);
}
