import type { Checksum } from "./checksums.ts";

/** A secret in a text, in UTF-16 code units: the value alone, without its key name, quotes or scheme. */
export interface PatternSpan {
  begin: number;
  end: number;
  /** `id` of the row that found it. */
  rule: string;
}

interface RuleText {
  /** What stands in `[REDACTED:id]`: lower case, digits and dashes. */
  id: string;
  vendor: string;
  /** What the credential is called by whoever issues it. */
  what: string;
  /** The page that documents the format. */
  docs: string;
  /**
   * Texts in which the rule, and no other, hits; the secret is what stands between « and ». A ¦ inside it keeps scanners
   * of repositories calm and is taken out before use.
   */
  examples: readonly string[];
  /** Texts in which no rule hits. */
  counterExamples: readonly string[];
}

interface FormRule {
  /** The whole token, matched at its first unit. Bounded and free of nested quantifiers: a test holds the grammar to that. */
  form: RegExp;
  /** What must stand right before; it is covered, too, if `lead` has a group. At most 24 units are looked at. */
  lead?: RegExp;
  /** Least Shannon entropy, in bits per unit, of what the form matched. */
  entropy?: number;
  /** Least evidence of randomness, in bits (see `Shape`), for forms that names could have, too. */
  evidence?: number;
  checksum?: Checksum;
}

/** A token that its vendor begins in a way of its own: known wherever it stands. */
export interface PrefixRule extends RuleText, FormRule {
  kind: "prefix";
  /** Literal beginnings, at least two units each. */
  starts: readonly string[];
  /** Other rules with such a beginning come first: their forms are narrower. */
  last?: true;
}

/** A token without a beginning of its own, but with a shape: tried on every token that looks random. */
export interface ShapeRule extends RuleText, FormRule {
  kind: "shape";
}

/** A token that only its surroundings tell: one of the words stands in the key or shortly before. */
export interface KeywordRule extends RuleText, FormRule {
  kind: "keyword";
  /** Lower case; compared with the words, and with the joined words, of what stands before the token. */
  keywords: readonly string[];
  /** The words are everyday ones: a word for a credential must stand there, too. */
  everyday?: true;
}

/** A URL of a host whose path is the credential. `form` begins after the host, its group 1 is the secret part. */
export interface HostRule extends RuleText, FormRule {
  kind: "host";
  /** Host names or parent domains; `*` is any. */
  hosts: readonly string[];
}

/** A construction with a recogniser of its own (PEM block, assignment, userinfo …), named in `recogniser`. */
export interface StructureRule extends RuleText {
  kind: "structure";
  recogniser: string;
}

export type PatternRule = PrefixRule | ShapeRule | KeywordRule | HostRule | StructureRule;
