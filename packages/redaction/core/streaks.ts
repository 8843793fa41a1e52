/**
 * Base64 and hex of readable text, at any alignment: in base64 of ASCII the first three digits of each group of four have
 * bits that are known, in hex each first digit of a pair is 2..7. Runs of such groups are rare in anything else, so only
 * they are decoded and searched again; secrets that are encoded once are found as they are, in `probe.ts`.
 */
export const base64Streak: u32 = 0;
export const hexStreak: u32 = 1;
/** `H4sI` or `1f8b08`: how gzip begins in base64 and in hex. */
export const gzipBase64: u32 = 2;
export const gzipHex: u32 = 3;

/** What to add to a base64 digit of ASCII to get its value, by its high nibble; above 63 where it is none. */
const toValue = i8x16(64, 64, 64, 4, -65, -65, -71, -71, 64, 64, 64, 64, 64, 64, 64, 64);

let out: usize = 0;
/** Address of the newest record of each alignment: four of base64, two of hex. */
const newest = memory.data(24);

function record(kind: u32, first: u32, last: u32): usize {
  store<u32>(out, kind);
  store<u32>(out, first, 4);
  store<u32>(out, last, 8);
  out += 12;
  return out - 12;
}

/** Streaks of one kind end at the set bits of `ends`, symbol `base` on; one that goes on from the last block is extended. */
function note(kind: u32, ends: u32, period: u32, lanes: u32, length: u32, base: u32): void {
  for (let alignment: u32 = 0; alignment < period; alignment++) {
    const own = ends & (lanes << alignment);
    if (own == 0) continue;
    const first = base + <u32>i32.ctz(own);
    const last = base + 31 - <u32>i32.clz(own);
    const known = newest + ((<usize>(alignment + (kind == hexStreak ? 4 : 0))) << 2);
    const before = load<u32>(known);
    if (before != 0 && first - load<u32>(before, 8) == period) store<u32>(before, last, 8);
    else store<u32>(known, <u32>record(kind, first + 1 - length, last));
  }
}

function noteGzip(at: usize, symbols: usize, end: usize): void {
  const stop = min(at + 16, end);
  for (let p = at; p < stop; p++) {
    if (load<u32>(p) == 0x49733448) record(gzipBase64, <u32>(p - symbols), <u32>(p - symbols));
    if ((load<u64>(p) & 0xffffdfffdfff) == 0x383042384631) record(gzipHex, <u32>(p - symbols), <u32>(p - symbols));
  }
}

/**
 * Writes records of kind, first symbol (of a whole group) and last symbol (the third of a group, the second of a pair) for
 * the `count` symbols at `raw`; answers how many. At most ten a sixteen symbols.
 */
export function streaks(raw: usize, count: i32, records: usize): i32 {
  out = records;
  memory.fill(newest, 0, 24);
  const end = raw + count;
  let first: u32 = 0;
  let second: u32 = 0;
  let third: u32 = 0;
  let high: u32 = 0;
  let any: u32 = 0;
  for (let at = raw; at < end; at += 16) {
    const c = v128.load(at);
    const v = i8x16.add(c, i8x16.swizzle(toValue, i8x16.shr_u(c, 4)));
    // The bytes are 0x20..0x7f: digits are 8..31, then ..2..7 in the low four bits, then with bit 1 clear, then any.
    first = (first >>> 16) | (i8x16.bitmask(i8x16.lt_u(i8x16.sub(v, i8x16.splat(8)), i8x16.splat(24))) << 16);
    const low = i8x16.sub(v128.and(v, i8x16.splat(15)), i8x16.splat(2));
    second = (second >>> 16) | (i8x16.bitmask(i8x16.lt_u(low, i8x16.splat(6))) << 16);
    third = (third >>> 16) | (i8x16.bitmask(i8x16.eq(v128.and(v, i8x16.splat(66)), i8x16.splat(0))) << 16);
    const groups = (first << 2) & (second << 1) & third;
    const base64Ends = (groups & (groups << 4)) >>> 16;

    const digit = i8x16.lt_u(i8x16.sub(c, i8x16.splat(0x30)), i8x16.splat(10));
    const letter = i8x16.lt_u(i8x16.sub(v128.or(c, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(6));
    high = (high >>> 16) | (i8x16.bitmask(i8x16.lt_u(i8x16.sub(c, i8x16.splat(0x32)), i8x16.splat(6))) << 16);
    any = (any >>> 16) | (i8x16.bitmask(v128.or(digit, letter)) << 16);
    let pairs = (high << 1) & any;
    pairs &= pairs << 2;
    pairs &= pairs << 4;
    pairs &= pairs << 8;
    const hexEnds = pairs >>> 16;

    if ((base64Ends | hexEnds) != 0) {
      const base = <u32>(at - raw);
      note(base64Streak, base64Ends, 4, 0x1111, 7, base);
      note(hexStreak, hexEnds, 2, 0x5555, 16, base);
    }
    const gzip = v128.or(
      v128.and(i8x16.eq(c, i8x16.splat(0x48)), i8x16.eq(v128.load(at, 1), i8x16.splat(0x34))),
      v128.and(
        i8x16.eq(c, i8x16.splat(0x31)),
        i8x16.eq(v128.or(v128.load(at, 1), i8x16.splat(0x20)), i8x16.splat(0x66)),
      ),
    );
    if (v128.any_true(gzip)) noteGzip(at, raw, end);
  }
  return <i32>((out - records) / 12);
}
