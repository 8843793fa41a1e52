import type { CompiledRule, RuleIndex } from "./compiled-rules.ts";
import { evidenceOf, type Shape, shapeOf } from "./randomness.ts";
import { beginOf, endOf, hit, isQuote, isSpace, maskOf, type Scan, spend, unitAt } from "./scan.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";
import { sign } from "./token-table.ts";
import { isPlaceholder } from "./values.ts";

/** Units that join tokens to one: `SG.a.b`, `Atza|x`, `123:AA`, `00D!AQ`, `a$b$c`. */
const isJoint = (unit: number): boolean =>
  unit === 46 || unit === 58 || unit === 124 || unit === 33 || unit === 36 || unit === 64;
const mostJoined = 4;
const mostSegments = 8;

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

/**
 * Offsets at which a credential may begin that `token` is a part of: the token, what it is joined to, its parts after a
 * slash, and one unit later after a backslash, where the first letter is an escape (`\n`).
 */
function* startsOf(scan: Scan, token: number): Generator<number> {
  const begin = beginOf(scan, token);
  yield begin;
  if (unitAt(scan, begin - 1) === 92) yield begin + 1;
  // A long one was tried in its own turn.
  for (let first = joinedFrom(scan, token); first < token; first += 1) {
    if (endOf(scan, first) - beginOf(scan, first) < 15) yield beginOf(scan, first);
  }
  if ((maskOf(scan, token) & sign) === 0) return;
  const end = endOf(scan, token);
  let segments = 0;
  for (let at = begin; at < end - 8 && segments < mostSegments; at += 1) {
    if (unitAt(scan, at) !== 47) continue;
    segments += 1;
    yield at + 1;
  }
}

function matchPrefix(scan: Scan, at: number, rules: RuleIndex): boolean {
  const candidates = rules.startingWith(unitAt(scan, at), unitAt(scan, at + 1));
  if (!candidates) return false;
  for (const { start, rule } of candidates) {
    const match = scan.text.startsWith(start, at) ? rule.matchAt(scan.text, at) : null;
    if (!match) continue;
    hit(scan, match.begin, match.end, rule.id);
    return true;
  }
  return false;
}

function matchForms(scan: Scan, starts: readonly number[], rules: readonly CompiledRule[]): boolean {
  for (const rule of rules) {
    for (const at of starts) {
      const match = rule.matchAt(scan.text, at);
      if (!match) continue;
      hit(scan, match.begin, match.end, rule.id);
      return true;
    }
  }
  return false;
}

/** Evidence from which a token is worth a look at its surroundings. */
const leastEvidence = 12;
/** Hexadecimal digits in a row that are worth it. */
const leastHex = 16;
/** Shorter ones are as a rule identifiers: NanoIDs have 21 units, CUIDs 25, ULIDs 26, KSUIDs 27. */
const shortestBare = 28;
const longestBare = 200;

/** `.x`, `x(`, `#x`, `@x`, `%x`: names and addresses, however random they look. */
function isPartOfName(scan: Scan, begin: number, end: number): boolean {
  const before = unitAt(scan, begin - 1);
  const after = unitAt(scan, end);
  if (before === 46 || before === 35 || before === 64 || before === 37 || before === 38 || before === 92) return true;
  if (after === 40 || after === 64 || after === 37) return true;
  return after === 46 && !isSpace(unitAt(scan, end + 1)) && !isQuote(unitAt(scan, end + 1));
}

/** A line of base64 among others, or data after `base64,`: a certificate, an image, a source map. */
function isPartOfBlob(scan: Scan, token: number): boolean {
  const begin = beginOf(scan, token);
  const length = endOf(scan, token) - begin;
  const after = unitAt(scan, endOf(scan, token));
  if (length >= 60 && length <= 76 && length % 4 === 0 && (after === 10 || after === 13)) return true;
  const before = token > 0 ? endOf(scan, token - 1) : 0;
  if (token > 0 && before - beginOf(scan, token - 1) >= 60 && begin - before <= 12) return true;
  return /(?:base64[,: ]|sha\d+-|-----)\s*$/.test(scan.text.slice(Math.max(0, begin - 12), begin));
}

/** A part of a URL or of a path: a slash stands before it in the same run of units. */
function isInAddress(scan: Scan, begin: number): boolean {
  for (let at = begin - 1; at >= 0 && at > begin - 300; at -= 1) {
    const unit = unitAt(scan, at);
    if (isSpace(unit) || isQuote(unit) || unit === 40 || unit === 60) return false;
    if (unit === 47) return true;
  }
  return false;
}

/** Beginnings of identifiers that APIs hand out: an agent must be able to say them. */
const identifier =
  /^(?:acct|ba|btok|card|ch|cn|cus|di|dp|evt|fee|file|ich|ii|il|in|ipi|isi|li|mandate|pi|pl|pm|po|price|prod|promo|py|pyr|qt|src|seti|si|sli|sub|tr|tu|txi|txn|txr|we|msg|resp|call|toolu|chatcmpl|asst|thread|run|step|vs|batch|ft|ftjob|org|proj|req|sess|sesn|session|user|usr|rs|fc|item|event|env|job|task|order|inv|team|prj|dpl|conv|acc|id|trace|span|build|commit|chunk|css|sha|img|asset|doc|page|block|workspace|channel|agent|skill|srvtoolu|container|tool|deployment|app|cfg)[_-]/;

/** ULIDs, CUIDs, `word_01…` as Anthropic's API makes them, numbers in hexadecimal. */
const numbered = /^(?:01[0-9A-HJKMNP-TV-Z]{24}|c[i-m][a-z0-9]{23}|[a-z]{2,10}_01[A-Za-z0-9]{20,60}|0x[0-9a-fA-F]+)$/;

/** Base64 of a sentence looks random; what it says does not. (Secrets in it are found in the decoded view.) */
function isEncodedText(text: string): boolean {
  const decoded = /^[A-Za-z0-9+/]+$/.test(text) ? Buffer.from(text, "base64").toString("latin1") : "";
  return decoded.length > 0 && /^[\t\n\r\x20-\x7e]+$/.test(decoded) && evidenceOf(decoded) < leastEvidence;
}

/** How sure a bare token must be: the plainer, the surer. */
function isBareSecret(scan: Scan, token: number, shape: Shape, text: string): boolean {
  if (shape.hex || shape.length < shortestBare || shape.length > longestBare || shape.digits < 1) return false;
  const least = shape.digits < 2 ? 55 : 45;
  if (shape.evidence < least || shape.lower + shape.upper < 4) return false;
  if (identifier.test(text) || numbered.test(text) || isEncodedText(text)) return false;
  // Names with many separators are made of words; a random token has few.
  if (shape.others > (shape.evidence < 60 ? 1 + shape.length / 12 : 2 + shape.length / 8)) return false;
  return isAlone(scan, token);
}

/** `key` alone announces nothing of hexadecimal digits: keys of maps and caches are digests, too. */
const isAnnounced = ({ tells }: Surroundings, { digits, evidence, hex, hexRun }: Shape): boolean =>
  digits > 0 && (tells === "credential" ? evidence >= 20 || hexRun >= 32 : tells === "weak" && evidence >= 20 && !hex);

/** `ResponseID="…"`, `hash: …`: the name right before it says so. */
const isIdentifier = (scan: Scan, token: number, { tells }: Surroundings): boolean =>
  tells === "identifier" &&
  token > 0 &&
  /^["'\]]?\s*[=:]\s*["'`]?$/.test(scan.text.slice(endOf(scan, token - 1), beginOf(scan, token)));

function isAlone(scan: Scan, token: number): boolean {
  const begin = beginOf(scan, token);
  return !isPartOfName(scan, begin, endOf(scan, token)) && !isInAddress(scan, begin);
}

/** With its padding, if it has one. */
function hitToken(scan: Scan, token: number, rule: string): void {
  let end = endOf(scan, token);
  while (unitAt(scan, end) === 61 && end < endOf(scan, token) + 2) end += 1;
  hit(scan, beginOf(scan, token), end, rule);
}

/** Neither joined to what stands beside it nor made of parts: forms with a joint in them cannot begin or end here. */
function standsAlone(scan: Scan, token: number): boolean {
  if ((maskOf(scan, token) & sign) !== 0 || isJoint(unitAt(scan, endOf(scan, token)))) return false;
  const after = unitAt(scan, endOf(scan, token));
  return after !== 61 && after !== 126 && !isJoint(unitAt(scan, beginOf(scan, token) - 1));
}

/** Data among other data, a placeholder's inside, or a digest that says what it is. */
const isHarmless = (scan: Scan, token: number, text: string): boolean =>
  isPartOfBlob(scan, token) ||
  scan.text.startsWith("SECRET_REF(", beginOf(scan, token) - 11) ||
  /^(?:sha\d+|md5|urn|v\d|nonce)-/.test(text);

/** A token of 15 units or more with digits or capitals. */
export function findInToken(scan: Scan, token: number, rules: RuleIndex): void {
  for (const at of startsOf(scan, token)) if (matchPrefix(scan, at, rules)) return;
  const begin = beginOf(scan, token);
  const end = endOf(scan, token);
  const shape = shapeOf(scan.units, begin, end);
  spend(scan, end - begin);
  if (shape.evidence < leastEvidence && shape.hexRun < leastHex) return;
  const text = scan.text.slice(begin, end);
  if (isHarmless(scan, token, text)) return;
  const around = surroundingsOf(scan, token, rules.keywords);
  if (around.tells !== "identifier" || !text.includes("/")) {
    const starts = [...startsOf(scan, token)];
    spend(scan, starts.length * 16);
    if (around.tells !== "identifier" && matchForms(scan, starts, around.rules)) return;
    if (matchForms(scan, starts, standsAlone(scan, token) ? rules.lonelyShapes : rules.shapes)) return;
  }
  const announced = isAnnounced(around, shape) && isAlone(scan, token);
  const bare = !announced && !isIdentifier(scan, token, around) && isBareSecret(scan, token, shape, text);
  if ((announced || bare) && !isPlaceholder(text, shape)) {
    hitToken(scan, token, announced ? "credential-nearby" : "random-token");
  }
}
