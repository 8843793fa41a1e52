import { bitsOf, fingerprintOf, gramLength, hashAt } from "./gram";
import { entries, filter, filterShift, forms, pool, slotShift, slots, stride } from "./memory";

let out: usize = 0;
let start: usize = 0;
let end: usize = 0;
/** Changes with every scan, so that what a form saw in another text is forgotten without being wiped. */
let scan: u32 = 0;

/** Lets `form` grow both ways from its `position`-th symbol at `at`, and writes a hit if enough of it is there. */
function grow(form: u32, position: u32, at: usize): void {
  const row = forms + <usize>form * 24;
  const base = at - position;
  // The grams of one occurrence all lead here; the first one has seen it whole.
  if (load<u32>(row, 12) == <u32>base && load<u32>(row, 20) == scan && <u32>at < load<u32>(row, 16)) return;
  const symbols = pool + load<u32>(row);
  const length = load<u32>(row, 4);
  let to = position;
  while (to < length && base + to < end && load<u8>(symbols + to) == load<u8>(base + to)) to++;
  if (to < position + gramLength) return;
  let from = position;
  while (from > 0 && base + from > start && load<u8>(symbols + from - 1) == load<u8>(base + from - 1)) from--;
  store<u32>(row, <u32>base, 12);
  store<u32>(row, <u32>(base + to), 16);
  store<u32>(row, scan, 20);
  if (to - from < load<u32>(row, 8)) return;
  store<u32>(out, <u32>(base + from - start));
  store<u32>(out, <u32>(base + to - start), 4);
  store<u32>(out, form, 8);
  store<u32>(out, from, 12);
  out += 16;
}

function lookUp(hash: u64, at: usize): void {
  const fingerprint = fingerprintOf(hash);
  const mask = ((<usize>1) << (<usize>(64 - slotShift))) - 1;
  let slot = <usize>(hash >>> slotShift);
  for (;;) {
    const row = slots + (slot << 3);
    let entry = load<u32>(row, 4);
    if (entry == 0) return;
    if (load<u32>(row) == fingerprint) {
      while (entry != 0) {
        const entryRow = entries + <usize>(entry - 1) * 12;
        grow(load<u32>(entryRow), load<u32>(entryRow, 4), at);
        entry = load<u32>(entryRow, 8);
      }
      return;
    }
    slot = (slot + 1) & mask;
  }
}

/**
 * Finds forms among `count` symbols: writes first and last symbol (exclusive), form and where in the form the match
 * begins, 16 bytes a hit, not in order; answers how many. `room` is the number of hits that fit; -1 if there are more.
 */
export function probe(symbols: usize, count: i32, hits: usize, room: i32): i32 {
  out = hits;
  start = symbols;
  end = symbols + count;
  scan++;
  const full = hits + <usize>room * 16;
  const last = end - gramLength;
  const words = filter;
  const shift = filterShift;
  const step = stride;
  for (let at = symbols; at <= last; at += step) {
    const hash = hashAt(at);
    const bits = bitsOf(hash);
    if ((load<u64>(words + ((<usize>(hash >>> shift)) << 3)) & bits) != bits) continue;
    lookUp(hash, at);
    if (out > full) return -1;
  }
  return <i32>((out - hits) >>> 4);
}
