import { shapeOf } from "./randomness.ts";
import { beginOf, endOf, hit, isBlank, isQuote, leaveOpen, type Scan, unitAt } from "./scan.ts";
import { isPlaceholder, isUuid } from "./values.ts";

const longest = 300;
const filler = /^(?:pass(?:word|wd)?|pwd|user(?:name)?|api(?:_token)?|token|x|key|secret)$/i;

const looksLikeSecret = (scan: Scan, begin: number, end: number, least: number): boolean => {
  const text = scan.text.slice(begin, end);
  const shape = shapeOf(scan.units, begin, end);
  if (text.length < 6 || filler.test(text) || isPlaceholder(text, shape)) return false;
  return shape.evidence >= least || isUuid(text) || (shape.hex && shape.length >= 16 && shape.digits > 0);
};

/** `-u user:password`, `--user 'token:'`, as curl and its kin take it. `token` is the option. */
export function findUserOption(scan: Scan, token: number): void {
  let begin = endOf(scan, token);
  while (isBlank(unitAt(scan, begin)) || unitAt(scan, begin) === 61) begin += 1;
  if (isQuote(unitAt(scan, begin))) begin += 1;
  const text = /^[^\s"'`]*/.exec(scan.text.slice(begin, begin + longest))?.[0] ?? "";
  const end = begin + text.length;
  if (end === scan.length) leaveOpen(scan, begin);
  const colon = begin + (text.includes(":") ? text.indexOf(":") : text.length);
  if (colon + 1 < end && looksLikeSecret(scan, colon + 1, end, 5)) hit(scan, colon + 1, end, "user-option");
  else if (looksLikeSecret(scan, begin, colon, 14)) hit(scan, begin, colon, "user-option");
}

/** `-u` or `--user`, `--proxy-user`. */
export function isUserOption(scan: Scan, token: number): boolean {
  const begin = beginOf(scan, token);
  if (unitAt(scan, begin) !== 45) return false;
  const text = scan.text.slice(begin, endOf(scan, token));
  return text === "-u" || text === "--user" || text === "--proxy-user" || text === "-U";
}
