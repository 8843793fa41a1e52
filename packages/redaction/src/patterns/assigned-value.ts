import { isBlank, isQuote, isSpace, isTokenUnit, leaveOpen, type Scan, spend, unitAt } from "./scan.ts";

/** Where a value stands that follows a name, and how it is written. */
export interface Assigned {
  begin: number;
  end: number;
  quoted: boolean;
}

const longestGap = 24;
const longestValue = 4096;
const backslash = 92;
const openQuotes = "\u201c\u2018\u00ab\u201e";
const closeQuotes = "\u201d\u2019\u00bb\u201c";

const skipBlanks = (scan: Scan, from: number, most: number): number => {
  let at = from;
  while (at < most && (isBlank(unitAt(scan, at)) || unitAt(scan, at) === backslash)) at += 1;
  return at;
};

/** Past what closes a name: quotes, brackets, blanks. */
function skipClosers(scan: Scan, from: number): { at: number; quoted: boolean } {
  let at = from;
  let quoted = false;
  for (; at < from + 6; at += 1) {
    const unit = unitAt(scan, at);
    if (isQuote(unit)) quoted = true;
    else if (unit !== backslash && unit !== 93 && unit !== 41 && unit !== 42 && !isBlank(unit)) break;
  }
  return { at, quoted };
}

/** Past `=`, `:`, `:=`, `=>`, `==`, `|`, `>` of `<name>`; with a quoted name, `,` too; `(` before a quote. -1 if there is none. */
function skipOperator(scan: Scan, from: number, nameQuoted: boolean, nameBegin: number): number {
  const unit = unitAt(scan, from);
  const next = unitAt(scan, from + 1);
  if (unit === 61 || unit === 58) {
    if (unit === 58 && next === 47 && unitAt(scan, from + 2) === 47) return -1;
    let at = from + 1;
    while (at < from + 3 && (unitAt(scan, at) === 61 || unitAt(scan, at) === 62 || unitAt(scan, at) === 58)) at += 1;
    return at;
  }
  if (unit === 124) return isBlank(next) && isBlank(unitAt(scan, from - 1)) ? from + 1 : -1;
  if (unit === 44 && nameQuoted) return from + 1;
  if (unit === 62 && unitAt(scan, nameBegin - 1) === 60) return from + 1;
  return unit === 40 && isQuote(next) ? from + 1 : -1;
}

/** Past blanks, one line break before a quote, and the letters some languages put before one (`b"`, `r'`, `@"`, `$'`). */
function skipToValue(scan: Scan, from: number): number {
  let at = skipBlanks(scan, from, from + longestGap);
  if (unitAt(scan, at) === 13 || unitAt(scan, at) === 10) {
    let line = at;
    while (line < at + 64 && isSpace(unitAt(scan, line))) line += 1;
    if (isQuote(unitAt(scan, line))) at = line;
  }
  for (let ahead = 0; ahead < 3; ahead += 1) {
    if (isQuote(unitAt(scan, at + ahead))) return at + ahead;
    if (!/[a-zA-Z@$&]/.test(String.fromCharCode(unitAt(scan, at + ahead)))) break;
  }
  return at;
}

function quotedValue(scan: Scan, quoteAt: number, close: number): Assigned | null {
  let begin = quoteAt + 1;
  // Python's and TOML's triple quotes.
  while (begin < quoteAt + 3 && unitAt(scan, begin) === close) begin += 1;
  const escaped = unitAt(scan, quoteAt - 1) === backslash;
  const most = Math.min(scan.length, begin + longestValue);
  const { seen } = scan;
  if (!escaped && close === seen.quote && begin >= seen.quoteFrom && begin < seen.quoteTo) return null;
  for (let at = begin; at < most; at += 1) {
    const unit = unitAt(scan, at);
    spend(scan, 1);
    if (unit === close)
      return { begin, end: escaped && unitAt(scan, at - 1) === backslash ? at - 1 : at, quoted: true };
    if (unit === 10) {
      Object.assign(seen, { quote: close, quoteFrom: begin, quoteTo: at });
      return null;
    }
    if (unit === backslash && !escaped) at += 1;
  }
  leaveOpen(scan, begin);
  return most === scan.length ? { begin, end: most, quoted: true } : null;
}

/** `& ; ,` end a value only where another name follows, or the line; blanks, quotes and brackets of markup always do. */
function bareValue(scan: Scan, begin: number): Assigned | null {
  const most = Math.min(scan.length, begin + longestValue);
  const { seen } = scan;
  // Names inside a value that was looked at: it stays one value.
  if (begin > seen.bareFrom && begin < seen.bareTo) return null;
  let at = begin;
  for (; at < most; at += 1) {
    const unit = unitAt(scan, at);
    if (isSpace(unit) || isQuote(unit) || unit === 60 || unit === 0) break;
    if (unit === backslash && (isQuote(unitAt(scan, at + 1)) || unitAt(scan, at + 1) === 110)) break;
    if ((unit === 38 || unit === 59 || unit === 44 || unit === 124) && endsHere(scan, begin, at + 1, most)) break;
  }
  spend(scan, at - begin);
  seen.bareFrom = begin;
  seen.bareTo = at;
  if (at === scan.length) leaveOpen(scan, begin);
  while (at > begin && /[,;)\]}]/.test(String.fromCharCode(unitAt(scan, at - 1)))) at -= 1;
  return at > begin ? { begin, end: at, quoted: false } : null;
}

/** After a separator: the end, a blank, or `name=`. */
function endsHere(scan: Scan, begin: number, from: number, most: number): boolean {
  let at = from;
  while (at < most && at < from + 40 && (isTokenUnit(unitAt(scan, at)) || isBlank(unitAt(scan, at)))) at += 1;
  if (at === scan.length) leaveOpen(scan, begin);
  const unit = unitAt(scan, at);
  return at === from || isBlank(unitAt(scan, from)) || unit === 61 || unit === 58;
}

/** The value at `from`, in quotes or bare. */
export function valueAt(scan: Scan, from: number): Assigned | null {
  const at = skipToValue(scan, from);
  const unit = unitAt(scan, at);
  if (isQuote(unit)) return quotedValue(scan, at, unit);
  const fancy = openQuotes.indexOf(String.fromCharCode(unit));
  if (fancy >= 0 && at < scan.length) return quotedValue(scan, at, closeQuotes.charCodeAt(fancy));
  return bareValue(scan, at);
}

/** The value that is assigned to the name from `nameBegin` to `nameEnd`, in any notation; null if it is no assignment. */
export function assignedValue(scan: Scan, nameBegin: number, nameEnd: number): Assigned | null {
  const { at, quoted } = skipClosers(scan, nameEnd);
  const after = skipOperator(scan, at, quoted, nameBegin);
  return after < 0 ? null : valueAt(scan, after);
}
