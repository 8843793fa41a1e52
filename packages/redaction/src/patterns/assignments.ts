import { type Assigned, assignedValue, valueAt } from "./assigned-value.ts";
import { findInCookies, findInHeader } from "./http-headers.ts";
import { announcesPassword, type KeyKind, kindOfKey } from "./key-names.ts";
import { beginOf, endOf, hit, isBlank, isTokenUnit, type Scan, unitAt } from "./scan.ts";
import { isSecretValue } from "./values.ts";

const longestName = 80;

/** The name that ends with a token, with up to two words before it that a single blank, dot or colon joins to it. */
function nameUpTo(scan: Scan, token: number): string {
  const end = endOf(scan, token);
  let first = token;
  while (first > 0 && first > token - 2 && beginOf(scan, first) - endOf(scan, first - 1) === 1) {
    const joint = unitAt(scan, beginOf(scan, first) - 1);
    if (joint !== 32 && joint !== 46) break;
    first -= 1;
  }
  return scan.text.slice(Math.max(beginOf(scan, first), end - longestName), end);
}

/** `value="…"` of an element that has its name in another attribute: `<add key="Password" value="…"/>`. */
function nameOfElement(scan: Scan, token: number): string {
  const from = Math.max(0, beginOf(scan, token) - 120);
  const before = scan.text.slice(from, beginOf(scan, token));
  return /(?:name|key|id|property|Key|Name)\s*[=:]\s*["']([\w.:-]{1,60})["'][\s,]*["']?$/.exec(before)?.[1] ?? "";
}

const ruleOf: Record<KeyKind, string> = {
  password: "assigned-password",
  secret: "assigned-secret",
  token: "assigned-token",
  weak: "assigned-key",
  header: "authorization-header",
  cookie: "cookie",
};

function report(scan: Scan, value: Assigned, kind: KeyKind): void {
  let { begin } = value;
  // `base64:…` (Laravel), `pass:…` (OpenSSL), `Bearer …` in a variable: the scheme stays readable.
  const scheme = /^(?:base64:|pass:|(?:Bearer|Basic|Token|Bot) )/.exec(scan.text.slice(begin, begin + 8));
  if (scheme) begin += scheme[0].length;
  if (isSecretValue(scan, begin, value.end, kind, value.quoted)) hit(scan, begin, value.end, ruleOf[kind]);
}

/** A name of a secret, and after it an operator or a quote. */
export function findAssigned(scan: Scan, token: number): void {
  const kind = kindOfKey(nameUpTo(scan, token));
  if (kind === null) return;
  const value = assignedValue(scan, beginOf(scan, token), endOf(scan, token));
  if (value === null) return;
  if (kind === "header") findInHeader(scan, value);
  else if (kind === "cookie") findInCookies(scan, value);
  else report(scan, value, kind);
}

/** `value` as an attribute, or as a field of a `{name, value}` pair. */
export function findAttribute(scan: Scan, token: number): void {
  const kind = kindOfKey(nameOfElement(scan, token));
  if (kind === null || kind === "header" || kind === "cookie") return;
  const value = assignedValue(scan, beginOf(scan, token), endOf(scan, token));
  if (value) report(scan, value, kind);
}

/** Words that link a name and its value in a sentence, or nothing, as in `login x password y` and `--password y`. */
const links = /^[ \t]+(?:(?:is|was|are|be|to|set to|lautet|ist|es|=|as)(?: now)?:?[ \t]+)?/;

/** A name, a blank, and the value: options of commands, `.netrc`, `redis.conf`, sentences. */
export function findSpoken(scan: Scan, token: number): void {
  const begin = beginOf(scan, token);
  const end = endOf(scan, token);
  const kind = kindOfKey(nameUpTo(scan, token));
  if (kind === null || kind === "header" || kind === "cookie") return;
  const option = unitAt(scan, begin) === 45;
  if (kind === "weak" && !option) return;
  const link = links.exec(scan.text.slice(end, end + 24));
  if (!link) return;
  const value = valueAt(scan, end + link[0].length);
  if (!value || value.end - value.begin < 8) return;
  const linked = link[0].trim().length > 0;
  const announced = announcesPassword(scan.text.slice(begin, end)) && (value.quoted || isStrong(scan, value));
  if (option || linked || announced) report(scan, value, kind);
}

/** Without anything that links them, only a value with digits or signs among its letters is no next word of the sentence. */
function isStrong(scan: Scan, { begin, end }: Assigned): boolean {
  const text = scan.text.slice(begin, end);
  return (
    /[0-9]/.test(text) && /[A-Za-z]/.test(text) && !isBlank(unitAt(scan, begin)) && isTokenUnit(unitAt(scan, begin))
  );
}
