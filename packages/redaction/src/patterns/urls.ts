import type { RuleIndex } from "./compiled-rules.ts";
import { shapeOf } from "./randomness.ts";
import { hit, isQuote, isSpace, leaveOpen, type Scan, spend, unitAt } from "./scan.ts";
import { isPlaceholder } from "./values.ts";

const longestUserinfo = 512;
/** What guides write where a password goes, besides the user's name once more. */
const filler = /^(?:pass(?:word|wd|wort)?|pwd|pw|my-?pass(?:word)?|user(?:name)?|p|x|token|api_?key|key|\*+)$/i;

/** RFC 3986 §3.2.1. `slashes` is where the two slashes stand. The password may hold `@` and `:`; a bare user may be a token. */
export function findUserinfo(scan: Scan, slashes: number): void {
  const begin = slashes + 2;
  const most = Math.min(scan.length, begin + longestUserinfo);
  let colon = -1;
  let monkey = -1;
  let at = begin;
  for (; at < most; at += 1) {
    const unit = unitAt(scan, at);
    if (unit === 58 && colon < 0) colon = at;
    else if (unit === 64) monkey = at;
    else if (isSpace(unit) || isQuote(unit) || unit === 47 || unit === 60 || unit === 62 || unit === 92 || unit === 0)
      break;
    else if ((unit === 63 || unit === 35) && monkey >= 0) break;
  }
  spend(scan, at - begin);
  if (at === scan.length) leaveOpen(scan, begin);
  if (monkey < 0) return;
  const isPassword = colon >= 0 && colon < monkey;
  const from = isPassword ? colon + 1 : begin;
  const text = scan.text.slice(from, monkey);
  const shape = shapeOf(scan.units, from, monkey);
  const isNamed = filler.test(text) || text === scan.text.slice(begin, colon);
  const isRandom = isPassword
    ? text.length >= 4 && (shape.evidence >= 5 || /[0-9A-Z!-,:-@]/.test(text))
    : text.length >= 16 && shape.evidence >= 12;
  const isSecret = isRandom && !isNamed && !isPlaceholder(text, shape);
  if (isSecret) hit(scan, from, monkey, "url-userinfo");
}

const host = /[A-Za-z0-9.-]{3,120}/y;

/** Hosts whose paths are credentials (webhooks, node URLs). `begin` is where the host begins. */
export function findInPath(scan: Scan, slashes: number, rules: RuleIndex): void {
  host.lastIndex = slashes + 2;
  const name = host.exec(scan.text)?.[0].toLowerCase();
  if (name === undefined) return;
  const path = slashes + 2 + name.length;
  if (unitAt(scan, path) !== 47) return;
  const labels = name.split(".");
  for (let at = 0; at <= labels.length; at += 1) {
    for (const rule of rules.hosts.get(labels.slice(at).join(".") || "*") ?? []) {
      const match = rule.matchAt(scan.text, path);
      if (!match) continue;
      hit(scan, match.begin, match.end, rule.id);
      return;
    }
  }
}
