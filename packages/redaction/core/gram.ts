import { anyGram, anyGramShift, quads, triples } from "./memory";

/** Symbols in a gram, the unit that is looked up. */
export const gramLength: i32 = 6;
const golden: u64 = 0x9e3779b97f4a7c15;

/** Hash of the six symbols at `at` (eight bytes are read). Its high bits choose slot and filter word. */
export function hashAt(at: usize): u64 {
  return (load<u64>(at) << 16) * golden;
}

/** Both bits that stand for a gram in a filter word. */
export function bitsOf(hash: u64): u64 {
  return ((<u64>1) << ((hash >>> 16) & 63)) | ((<u64>1) << ((hash >>> 22) & 63));
}

/** Never 0, which marks an empty slot's fingerprint. */
export function fingerprintOf(hash: u64): u32 {
  return <u32>(hash >>> 8) | 1;
}

/** Index into 2^16 bits. */
export function tripleAt(at: usize): u32 {
  return ((load<u32>(at) & 0xffffff) * 0x9e3779b1) >>> 16;
}

/** Index into 2^20 bits. */
export function quadAt(at: usize): u32 {
  return (load<u32>(at) * 0x9e3779b1) >>> 12;
}

export function hasBit(set: usize, bit: u32): bool {
  return ((<u32>load<u8>(set + (bit >>> 3)) >>> (bit & 7)) & 1) != 0;
}

export function setBit(set: usize, bit: u32): void {
  const at = set + (bit >>> 3);
  store<u8>(at, <u8>(<u32>load<u8>(at) | (1 << (bit & 7))));
}

/** Whether a form may hold the six symbols at `at`, wherever in it. */
export function isAnyGram(at: usize): bool {
  const hash = hashAt(at);
  const bits = bitsOf(hash);
  return (load<u64>(anyGram + ((<usize>(hash >>> anyGramShift)) << 3)) & bits) == bits;
}

export function noteAnyGram(at: usize): void {
  const hash = hashAt(at);
  const word = anyGram + ((<usize>(hash >>> anyGramShift)) << 3);
  store<u64>(word, load<u64>(word) | bitsOf(hash));
}

export function noteShortRuns(at: usize, left: i32): void {
  if (left >= 3) setBit(triples, tripleAt(at));
  if (left >= 4) setBit(quads, quadAt(at));
}
