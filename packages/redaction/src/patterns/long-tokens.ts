import type { CompiledRule, Match, RuleIndex } from "./compiled-rules.ts";
import { type Shape, shapeOf } from "./randomness.ts";
import { beginOf, endOf, hit, isQuote, isSpace, maskOf, type Scan, unitAt } from "./scan.ts";
import { surroundingsOf } from "./surroundings.ts";
import { dash, digit, sign, upper } from "./token-table.ts";
import { isPlaceholder, isUuid } from "./values.ts";

/** Units that join tokens to one: `SG.a.b`, `Atza|x`, `123:AA`, `00D!AQ`, `a$b$c`. */
const isJoint = (unit: number): boolean =>
  unit === 46 || unit === 58 || unit === 124 || unit === 33 || unit === 36 || unit === 64;
const mostJoined = 4;

/** Where the whole begins of which `token` is a part. */
function joinedFrom(scan: Scan, token: number): number {
  let first = token;
  while (first > 0 && first > token - mostJoined) {
    const begin = beginOf(scan, first);
    if (begin - endOf(scan, first - 1) !== 1 || !isJoint(unitAt(scan, begin - 1))) break;
    first -= 1;
  }
  return first;
}

function matchStart(scan: Scan, at: number, rules: RuleIndex): boolean {
  const candidates = rules.startingWith(unitAt(scan, at), unitAt(scan, at + 1));
  if (!candidates) return false;
  for (const { start, rule } of candidates) {
    if (!scan.text.startsWith(start, at)) continue;
    const match = rule.matchAt(scan.text, at);
    if (match) {
      hit(scan, match.begin, match.end, rule.id);
      return true;
    }
  }
  return false;
}

/** Beginnings of vendors, at the token, at each part of a path, after an escaped line break, and at what it is joined to. */
function matchPrefixes(scan: Scan, token: number, rules: RuleIndex): boolean {
  const begin = beginOf(scan, token);
  const end = endOf(scan, token);
  if (matchStart(scan, begin, rules)) return true;
  if (unitAt(scan, begin - 1) === 92 && matchStart(scan, begin + 1, rules)) return true;
  for (let first = joinedFrom(scan, token); first < token; first += 1) {
    if (matchStart(scan, beginOf(scan, first), rules)) return true;
  }
  if ((maskOf(scan, token) & sign) === 0) return false;
  for (let at = begin; at < end - 14; at += 1) {
    if (unitAt(scan, at) === 47 && matchStart(scan, at + 1, rules)) return true;
  }
  return false;
}

const report = (scan: Scan, rule: CompiledRule, match: Match): true => {
  hit(scan, match.begin, match.end, rule.id);
  return true;
};

function matchForms(scan: Scan, token: number, rules: readonly CompiledRule[]): boolean {
  const begin = beginOf(scan, token);
  const first = beginOf(scan, joinedFrom(scan, token));
  for (const rule of rules) {
    const match = rule.matchAt(scan.text, begin) ?? (first < begin ? rule.matchAt(scan.text, first) : null);
    if (match) return report(scan, rule, match);
  }
  return false;
}

/** Evidence from which a token is worth a look at its surroundings. */
const leastEvidence = 12;
/** Bare tokens must be beyond doubt. */
const bareEvidence = 30;
const longestBare = 200;

/** `.x`, `x(`, `#x`, `@x`, a part of a URL or of a path: names and addresses, however random they look. */
function isPartOfName(scan: Scan, begin: number, end: number): boolean {
  const before = unitAt(scan, begin - 1);
  const after = unitAt(scan, end);
  if (before === 46 || before === 35 || before === 64 || before === 37 || before === 38 || before === 92) return true;
  if (after === 40 || after === 64 || after === 37) return true;
  if (after === 46 && !isSpace(unitAt(scan, end + 1)) && !isQuote(unitAt(scan, end + 1))) return true;
  return false;
}

/** Lines of one length, or data after `base64,`: a certificate, an image, a source map. */
function isPartOfBlob(scan: Scan, token: number): boolean {
  const length = endOf(scan, token) - beginOf(scan, token);
  const before = token > 0 ? endOf(scan, token - 1) - beginOf(scan, token - 1) : 0;
  if (length >= 48 && (before === length || before >= 60)) return true;
  const lead = scan.text.slice(Math.max(0, beginOf(scan, token) - 12), beginOf(scan, token));
  return /base64[,: ]\s*$|sha\d+-$|CERTIFICATE-----\s*$/.test(lead);
}

/** The first URL scheme or path before the token on the same run of non-blanks. */
function isInAddress(scan: Scan, begin: number): boolean {
  for (let at = begin - 1; at >= 0 && at > begin - 300; at -= 1) {
    const unit = unitAt(scan, at);
    if (isSpace(unit) || isQuote(unit) || unit === 40 || unit === 60) return false;
    if (unit === 47) return true;
  }
  return false;
}

function isBareSecret(scan: Scan, token: number, shape: Shape): boolean {
  const begin = beginOf(scan, token);
  const end = endOf(scan, token);
  if (shape.hex || shape.length < 20 || shape.length > longestBare || shape.evidence < bareEvidence) return false;
  if (shape.digits < 2 || shape.lower + shape.upper < 4) return false;
  // Long dashed or slashed names are made of words; a random token has few separators.
  if (shape.others > 1 + shape.length / 12) return false;
  return !isPartOfName(scan, begin, end) && !isPartOfBlob(scan, token) && !isInAddress(scan, begin);
}

/** A token of 15 units or more with digits or capitals. */
export function findInToken(scan: Scan, token: number, rules: RuleIndex): void {
  if (matchPrefixes(scan, token, rules)) return;
  const mask = maskOf(scan, token);
  if ((mask & digit) === 0 && (mask & upper) === 0) return;
  const begin = beginOf(scan, token);
  const end = endOf(scan, token);
  const shape = shapeOf(scan.units, begin, end);
  const uuid = (mask & dash) !== 0 && shape.length === 36 && isUuid(scan.text.slice(begin, end));
  const material = uuid || shape.evidence >= leastEvidence || (shape.hex && shape.length >= 16);
  if (!material) return;
  const text = scan.text.slice(begin, end);
  if (/^(?:sha\d+|md5|urn|v\d)-/.test(text) || isPlaceholder(text, shape)) return;
  if (matchForms(scan, token, rules.shapes)) return;
  const around = surroundingsOf(scan, token, rules.keywords);
  if (matchForms(scan, token, around.rules)) return;
  const known =
    around.credential && !isPartOfName(scan, begin, end) && !isPartOfBlob(scan, token) && !isInAddress(scan, begin);
  if (known && (shape.evidence >= 20 || (shape.hex && shape.length >= 32)) && shape.digits > 0) {
    hit(scan, begin, end, "credential-nearby");
  } else if (isBareSecret(scan, token, shape)) hit(scan, begin, end, "random-token");
}
