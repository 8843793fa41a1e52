import type { Hit } from "../hit.ts";

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === 0x5c) count += 1;
  return count;
}

/** The beginning of the escape sequence (of JSON) that `at` lies in the middle of; `at` if it does not. */
function escapeStart(text: string, at: number): number {
  for (let back = 1; back <= 5 && back <= at; back += 1) {
    if (text.charCodeAt(at - back) !== 0x5c) continue;
    if (backslashesBefore(text, at - back + 1) % 2 === 0) return at;
    const isNumbered = /^u[0-9a-fA-F]{4}/.test(text.slice(at - back + 1, at - back + 6));
    return back === 1 || isNumbered ? at - back : at;
  }
  return at;
}

/** The end of the escape sequence that `at` lies in the middle of. */
function escapeEnd(text: string, at: number): number {
  const start = escapeStart(text, at);
  if (start === at) return at;
  return text.charAt(start + 1) === "u" && /^[0-9a-fA-F]{4}/.test(text.slice(start + 2, start + 6))
    ? start + 6
    : start + 2;
}

/** Moves a hit's ends outwards so that no surrogate pair and no escape sequence of JSON is left in halves. */
export function coverWholeCharacters(text: string, hit: Hit): Hit {
  let begin = escapeStart(text, hit.begin);
  let end = Math.min(text.length, escapeEnd(text, hit.end));
  if (isLow(text.charCodeAt(begin)) && isHigh(text.charCodeAt(begin - 1))) begin -= 1;
  if (isLow(text.charCodeAt(end)) && isHigh(text.charCodeAt(end - 1))) end += 1;
  return { ...hit, begin, end };
}
