/**
 * Base64 and hex of text in other scripts, which no streak shows (see `streaks.ts`): a run of digits of which the first
 * sixteen are UTF-8 with more than ASCII in it. Of random digits one run in thousands is.
 */
export const base64Run: u32 = 1 << 29;
export const hexRun: u32 = 1 << 30;

/** Digits of base64 and base64url. */
export function isRunUnit(unit: u32): bool {
  return valueOf(unit) < 64;
}

function valueOf(unit: u32): u32 {
  if (unit - 0x61 < 26) return unit - 0x47;
  if (unit - 0x41 < 26) return unit - 0x41;
  if (unit - 0x30 < 10) return unit + 4;
  if (unit == 0x2b || unit == 0x2d) return 62;
  return unit == 0x2f || unit == 0x5f ? 63 : 64;
}

function hexValueOf(unit: u32): u32 {
  if (unit - 0x30 < 10) return unit - 0x30;
  return (unit | 0x20) - 0x61 < 6 ? (unit | 0x20) - 0x57 : 16;
}

/** The bytes read so far are UTF-8 if this is not -1: how many bytes of a character are still to come. */
let pending: i32 = 0;
let isForeign: bool = false;

function takeByte(byte: u32): void {
  if (pending > 0) {
    pending = (byte & 0xc0) == 0x80 ? pending - 1 : -1;
    return;
  }
  if (pending < 0) return;
  if (byte < 0x80) {
    if (byte < 0x20 && byte != 9 && byte != 10 && byte != 13) pending = -1;
    return;
  }
  isForeign = true;
  pending = byte < 0xc2 ? -1 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : -1;
}

function isHexOfUtf8(at: usize): bool {
  pending = 0;
  isForeign = false;
  for (let index: usize = 0; index < 32; index += 4) {
    const high = hexValueOf(load<u16>(at + index));
    const low = hexValueOf(load<u16>(at + index, 2));
    if (high > 15 || low > 15) return false;
    takeByte((high << 4) | low);
  }
  return pending >= 0 && isForeign;
}

function isBase64OfUtf8(at: usize): bool {
  pending = 0;
  isForeign = false;
  for (let index: usize = 0; index < 32 && pending >= 0; index += 8) {
    const group =
      (valueOf(load<u16>(at + index)) << 18) |
      (valueOf(load<u16>(at + index, 2)) << 12) |
      (valueOf(load<u16>(at + index, 4)) << 6) |
      valueOf(load<u16>(at + index, 6));
    takeByte(group >>> 16);
    takeByte((group >>> 8) & 255);
    takeByte(group & 255);
  }
  return pending >= 0 && isForeign;
}

/** Digits of a run that may still turn out to be worth reading. */
const openRunMax: usize = 24;

/** Units at the end of a text that are the beginning of a run whose digits are UTF-8 so far. */
export function openRun(text: usize, n: i32): i32 {
  const end = text + ((<usize>n) << 1);
  let begin = end;
  while (begin > text && end - begin <= openRunMax * 2 && isRunUnit(load<u16>(begin - 2))) begin -= 2;
  const length = (end - begin) >>> 1;
  if (length == 0 || length > openRunMax) return 0;
  let isHex = true;
  pending = 0;
  for (let at = begin; at < end && isHex; at += 4) {
    const high = hexValueOf(load<u16>(at));
    const low: u32 = at + 2 < end ? hexValueOf(load<u16>(at, 2)) : 0;
    isHex = high < 16 && low < 16;
    if (at + 2 < end) takeByte((high << 4) | low);
  }
  if (isHex && pending >= 0) return <i32>length;
  pending = 0;
  let bits: u32 = 0;
  let count = 0;
  for (let at = begin; at < end; at += 2) {
    bits = (bits << 6) | valueOf(load<u16>(at));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    takeByte((bits >>> count) & 255);
  }
  return pending >= 0 ? <i32>length : 0;
}

/** What the sixteen digits at `at` are the beginning of; 0 for nothing that is worth reading. */
export function runKindAt(at: usize): u32 {
  if (isHexOfUtf8(at)) return hexRun;
  return isBase64OfUtf8(at) ? base64Run : 0;
}
