import { bitsOf, fingerprintOf, gramLength, hashAt, noteAnyGram, noteShortRuns } from "./gram";
import { entries, filter, filterShift, forms, pool, slotShift, slots, stride } from "./memory";

/** 2^20 counters: how many places of the registry hold a gram. Rare ones are chosen, so that common beginnings cost nothing. */
const counterShift: u64 = 44;

function symbolsOf(form: u32): usize {
  return pool + load<u32>(forms + <usize>form * 24);
}

function lengthOf(form: u32): u32 {
  return load<u32>(forms + <usize>form * 24, 4);
}

function neededOf(form: u32): u32 {
  return load<u32>(forms + <usize>form * 24, 8);
}

/** Enters all grams of a form into the counters (u16) and the sets that tell how a text may go on. */
export function countGrams(form: u32, counters: usize): void {
  const symbols = symbolsOf(form);
  const length = <i32>lengthOf(form);
  for (let at = 0; at < length; at++) {
    noteShortRuns(symbols + at, length - at);
    if (length - at < gramLength) continue;
    noteAnyGram(symbols + at);
    const counter = counters + ((<usize>(hashAt(symbols + at) >>> counterShift)) << 1);
    const count = load<u16>(counter);
    if (count < 0xffff) store<u16>(counter, count + 1);
  }
}

function costOf(symbols: usize, counters: usize): u32 {
  let cost: u32 = 0;
  for (let index = 0; index < stride; index++) {
    const count: u32 = load<u16>(counters + ((<usize>(hashAt(symbols + index) >>> counterShift)) << 1));
    cost = max(cost, count);
  }
  // A chance collision of counters is no reason to prefer a place.
  return cost <= 4 ? 0 : cost;
}

/** u64 slots for what was chosen already, 0 where empty. */
let known: usize = 0;
let knownMask: u64 = 0;
let knownLeft: u32 = 0;

/** `bits`: of the number of slots at `table`, which are empty. */
export function setKnown(table: usize, bits: i32): void {
  known = table;
  knownMask = ((<u64>1) << (<u64>bits)) - 1;
  knownLeft = <u32>((knownMask * 3) >>> 2);
}

/**
 * Whether another form has the same symbols from `at` to `end` with the same place chosen among them: its entries find
 * whatever these would. Thousands of secrets with one beginning then cost what one does.
 */
function isChosenAlready(at: usize, end: usize, place: u32, needed: u32): bool {
  let hash: u64 = ((<u64>place) << 32) ^ needed ^ 0xcbf29ce484222325;
  for (let symbol = at; symbol < end; symbol++) {
    hash = (hash ^ <u64>load<u8>(symbol)) * 0x100000001b3;
    hash ^= hash >>> 29;
  }
  if (hash == 0) hash = 1;
  for (let slot = (hash >>> 7) & knownMask; ; slot = (slot + 1) & knownMask) {
    const found = load<u64>(known + ((<usize>slot) << 3));
    if (found == hash) return true;
    if (found != 0) continue;
    if (knownLeft > 0) {
      knownLeft--;
      store<u64>(known + ((<usize>slot) << 3), hash);
    }
    return false;
  }
}

/**
 * Chooses places of a form so that each stretch that makes a hit holds `stride` neighbouring ones: whatever the text's
 * own rhythm, one of them is looked up. Writes entries from the `count`-th on; answers how many there are then.
 */
export function chooseGrams(form: u32, counters: usize, list: usize, count: u32): u32 {
  const symbols = symbolsOf(form);
  const length = <i32>lengthOf(form);
  const needed = <i32>neededOf(form);
  const slack = needed - gramLength - stride + 1;
  for (let from = 0; from + needed <= length; ) {
    let chosen = min(from + slack, length - gramLength - stride + 1);
    let best = costOf(symbols + chosen, counters);
    for (let place = chosen - 1; place >= from && best > 0; place--) {
      const cost = costOf(symbols + place, counters);
      if (cost >= best) continue;
      best = cost;
      chosen = place;
    }
    // Stretches that begin from here to the chosen place depend on it, and no others.
    const end = min(chosen + needed, length);
    if (!isChosenAlready(symbols + from, symbols + end, chosen - from, needed)) {
      for (let index = 0; index < stride; index++) {
        const row = list + <usize>count * 12;
        store<u32>(row, form);
        store<u32>(row, chosen + index, 4);
        store<u32>(row, 0, 8);
        count++;
      }
    }
    from = chosen + 1;
  }
  return count;
}

/** Enters the `count` entries into slots and filter. */
export function enterGrams(count: u32): void {
  const mask = ((<usize>1) << (<usize>(64 - slotShift))) - 1;
  for (let index: u32 = 0; index < count; index++) {
    const row = entries + <usize>index * 12;
    const hash = hashAt(symbolsOf(load<u32>(row)) + load<u32>(row, 4));
    const word = filter + ((<usize>(hash >>> filterShift)) << 3);
    store<u64>(word, load<u64>(word) | bitsOf(hash));
    const fingerprint = fingerprintOf(hash);
    let slot = <usize>(hash >>> slotShift);
    while (load<u32>(slots + (slot << 3), 4) != 0 && load<u32>(slots + (slot << 3)) != fingerprint)
      slot = (slot + 1) & mask;
    const at = slots + (slot << 3);
    store<u32>(at, fingerprint);
    store<u32>(row, load<u32>(at, 4), 8);
    store<u32>(at, index + 1, 4);
  }
}
