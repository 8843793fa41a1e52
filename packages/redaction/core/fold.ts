import { escapeAt } from "./escapes";
import { comparedAs, expansionCount, expansions, keepsSigns, kept, symbolOf, symbolOfPlane1 } from "./memory";
import { isRunUnit, runKindAt } from "./runs";

/** What the last `fold` wrote: symbols, and places where an escape begins. */
export let symbolCount: i32 = 0;
export let escapeCount: i32 = 0;
/** Runs of base64 or hex that begin with text of another script; see `runs.ts`. */
export let runCount: i32 = 0;

let out: usize = 0;
let rawAhead: usize = 0;

// Nibble tables: a byte is one of % & + = \ x ESC where its two entries share a bit.
const escapeLow = i8x16(0, 0, 0, 0, 0, 0x01, 0x01, 0, 0x10, 0, 0, 0x09, 0x02, 0x04, 0, 0);
const escapeHigh = i8x16(0, 0x08, 0x01, 0x04, 0, 0x02, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0);

function put(symbol: u32): void {
  store<u8>(out + rawAhead, <u8>symbol);
  store<u8>(out, load<u8>(comparedAs + symbol));
  out += 1;
}

function putExpanded(codePoint: u32): void {
  let low = 0;
  let high = expansionCount - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const row = expansions + ((<usize>middle) << 3);
    const found = load<u32>(row);
    if (found == codePoint) {
      for (let index: usize = 4; index < 8; index++) {
        const symbol: u32 = load<u8>(row + index);
        if (symbol == 0) return;
        put(symbol);
      }
      return;
    }
    if (found < codePoint) low = middle + 1;
    else high = middle - 1;
  }
}

/** Letters of the planes above the second count, whichever they are; tags and what else is invisible there does not. */
function putAstral(codePoint: u32): void {
  if (codePoint >= 0x20000 && codePoint < 0x40000) return put(0xa0 | ((codePoint ^ (codePoint >>> 5)) & 0x1f));
  if (codePoint >= 0x20000) return;
  const symbol: u32 = load<u8>(symbolOfPlane1 + (codePoint & 0xffff));
  if (symbol == 1) putExpanded(codePoint);
  else if (symbol != 0) put(symbol);
}

function foldUnit(at: usize, end: usize): void {
  const unit: u32 = load<u16>(at);
  const symbol: u32 = load<u8>(symbolOf + unit);
  if (symbol == 0) return;
  if (symbol != 1) return put(symbol);
  if ((unit & 0xfc00) != 0xd800) return putExpanded(unit);
  const low: u32 = at + 2 < end ? load<u16>(at, 2) : 0;
  if ((low & 0xfc00) == 0xdc00) putAstral(0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff));
}

function keptLanes(v: v128, small: v128): i32 {
  if (keepsSigns) {
    // Space and what a shell, a program or JSON puts between the parts of a string: " ' + \ and the back quote.
    const printable = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x21)), i8x16.splat(0x5e));
    const quote = v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x27)));
    const glue = v128.or(i8x16.eq(v, i8x16.splat(0x2b)), i8x16.eq(v, i8x16.splat(0x5c)));
    const dropped = v128.or(v128.or(quote, glue), i8x16.eq(v, i8x16.splat(0x60)));
    return i8x16.bitmask(v128.andnot(printable, dropped));
  }
  const letter = i8x16.lt_u(i8x16.sub(small, i8x16.splat(0x61)), i8x16.splat(26));
  const digit = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10));
  return i8x16.bitmask(v128.or(letter, digit));
}

function runLanes(v: v128, alnum: i32): i32 {
  const slashes = v128.or(i8x16.eq(v, i8x16.splat(0x2f)), i8x16.eq(v, i8x16.splat(0x5f)));
  const dashes = v128.or(i8x16.eq(v, i8x16.splat(0x2b)), i8x16.eq(v, i8x16.splat(0x2d)));
  return alnum | i8x16.bitmask(v128.or(slashes, dashes));
}

/** Small letters, and one of each group that looks alike; the same as the table `comparedAs` says for ASCII. */
function compared(v: v128): v128 {
  const capital = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(26));
  const small = v128.or(v, v128.and(capital, i8x16.splat(0x20)));
  const stroke = v128.or(i8x16.eq(small, i8x16.splat(0x69)), i8x16.eq(v, i8x16.splat(0x31)));
  const round = i8x16.eq(v, i8x16.splat(0x30));
  return v128.bitselect(i8x16.splat(0x6f), v128.bitselect(i8x16.splat(0x6c), small, stroke), round);
}

/** Where `fold` writes what it finds besides symbols. */
let escape: usize = 0;
let run: usize = 0;

function noteEscape(unit: usize, text: usize, end: usize): void {
  const kind = escapeAt(unit, text, end);
  if (kind == 0) return;
  store<u32>(escape, (<u32>(unit - text) >>> 1) | kind);
  escape += 4;
}

/** Sixteen units or what is left, one by one; answers which of them base64 may hold. */
function foldWide(at: usize, text: usize, end: usize): u32 {
  const stop = min(at + 32, end);
  let digits: u32 = 0;
  for (let unit = at; unit < stop; unit += 2) {
    foldUnit(unit, end);
    noteEscape(unit, text, end);
    if (isRunUnit(load<u16>(unit))) digits |= (<u32>1) << (<u32>(unit - at) >>> 1);
  }
  return digits;
}

/** Writes the lanes of `mask`, one behind the other. */
function pack(v: v128, c: v128, mask: i32): void {
  let lanes = v128.load_zero<i64>(kept + ((<usize>(mask & 255)) << 3));
  v128.store_lane<i64>(out, i8x16.swizzle(c, lanes), 0);
  v128.store_lane<i64>(out + rawAhead, i8x16.swizzle(v, lanes), 0);
  out += i32.popcnt(mask & 255);
  lanes = i8x16.add(v128.load_zero<i64>(kept + ((<usize>(mask >>> 8)) << 3)), i8x16.splat(8));
  v128.store_lane<i64>(out, i8x16.swizzle(c, lanes), 0);
  v128.store_lane<i64>(out + rawAhead, i8x16.swizzle(v, lanes), 0);
  out += i32.popcnt(mask >>> 8);
}

/** `digits` are the lanes of two blocks, the second one at `at`, in the high bits: notes runs of sixteen that begin there. */
function noteRuns(digits: u32, at: usize, text: usize): void {
  let starts = digits & (digits >>> 1);
  starts &= starts >>> 2;
  starts &= starts >>> 4;
  starts &= starts >>> 8;
  // One that begins at bit 0 or before was noted when this block was the second one.
  for (starts &= ~(digits << 1) & 0xfffffffe; starts != 0; starts &= starts - 1) {
    const first = at - 32 + ((<usize>i32.ctz(starts)) << 1);
    const kind = runKindAt(first);
    if (kind == 0) continue;
    store<u32>(run, (<u32>(first - text) >>> 1) | kind);
    run += 4;
  }
}

/**
 * Reduces `n` UTF-16 code units at `text` to symbols: one byte for each letter or digit, whatever its case, width, accent
 * or script; all else is skipped. `symbols` gets what is compared, `raw` the same before case and look-alikes are folded,
 * `blocks` the number of symbols before each sixteenth unit, `escapes` the units where an escape sequence begins, `runs`
 * those where encoded text of another script does.
 * 32 bytes behind the text and 16 behind `symbols` and `raw` are read or written.
 */
export function fold(
  text: usize,
  n: i32,
  symbols: usize,
  raw: usize,
  blocks: usize,
  escapes: usize,
  runs: usize,
): void {
  const end = text + ((<usize>n) << 1);
  out = symbols;
  rawAhead = raw - symbols;
  escape = escapes;
  run = runs;
  let block = blocks;
  let digits: u32 = 0;
  for (let at = text; at < end; at += 32, block += 4) {
    store<u32>(block, <u32>(out - symbols));
    const a = v128.load(at);
    const b = v128.load(at, 16);
    if (at + 32 > end || v128.any_true(v128.and(v128.or(a, b), i16x8.splat(-128)))) {
      digits = (digits >>> 16) | (foldWide(at, text, end) << 16);
      noteRuns(digits, at, text);
      continue;
    }
    const v = i8x16.narrow_i16x8_u(a, b);
    const mask = keptLanes(v, v128.or(v, i8x16.splat(0x20)));
    pack(v, compared(v), mask);
    digits = (digits >>> 16) | (runLanes(v, mask) << 16);
    noteRuns(digits, at, text);
    const special = v128.and(
      i8x16.swizzle(escapeLow, v128.and(v, i8x16.splat(15))),
      i8x16.swizzle(escapeHigh, i8x16.shr_u(v, 4)),
    );
    if (!v128.any_true(special)) continue;
    for (let bits = i8x16.bitmask(i8x16.ne(special, i8x16.splat(0))); bits != 0; bits &= bits - 1) {
      noteEscape(at + ((<usize>i32.ctz(bits)) << 1), text, end);
    }
  }
  symbolCount = <i32>(out - symbols);
  escapeCount = <i32>((escape - escapes) >>> 2);
  runCount = <i32>((run - runs) >>> 2);
  // Grams and streaks read beyond the end.
  v128.store(out, i8x16.splat(0));
  v128.store(out + rawAhead, i8x16.splat(0));
}
