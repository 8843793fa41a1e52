import { gramLength, hasBit, isAnyGram, quadAt, tripleAt } from "./gram";
import { longestForm, quads, triples } from "./memory";

/** How many of the last symbols may be the beginning, or the middle, of a form that the next text completes. */
function openForm(symbols: usize, count: i32): i32 {
  const end = symbols + count;
  const longest = min(count, longestForm);
  let open = min(count, 2);
  while (open < longest) {
    const at = end - open - 1;
    if (open == 2 ? !hasBit(triples, tripleAt(at)) : !hasBit(quads, quadAt(at))) break;
    if (open >= gramLength - 1 && !isAnyGram(at)) break;
    open++;
  }
  return open;
}

function isBase64Digit(symbol: u32, place: u32): bool {
  const value =
    symbol - 0x41 < 26 ? symbol - 0x41 : symbol - 0x61 < 26 ? symbol - 0x47 : symbol - 0x30 < 10 ? symbol + 4 : 64;
  if (value > 63) return false;
  if (place == 0) return value - 8 < 24;
  if (place == 1) return (value & 15) - 2 < 6;
  return place == 3 || (value & 2) == 0;
}

function isHexDigit(symbol: u32, place: u32): bool {
  if (place == 0) return symbol - 0x32 < 6;
  return symbol - 0x30 < 10 || (symbol | 0x20) - 0x61 < 6;
}

/** How many of the last symbols may be the beginning of encoded text that is too short yet to be told from other text. */
function openStreak(raw: usize, count: i32): i32 {
  const end = raw + count;
  let longest = 0;
  for (let phase: u32 = 0; phase < 4; phase++) {
    let open = 0;
    while (open < min(count, 12) && isBase64Digit(load<u8>(end - open - 1), (phase - open) & 3)) open++;
    longest = max(longest, open);
  }
  for (let phase: u32 = 0; phase < 2; phase++) {
    let open = 0;
    while (open < min(count, 20) && isHexDigit(load<u8>(end - open - 1), (phase - open) & 1)) open++;
    longest = max(longest, open);
  }
  return longest;
}

/** How many of the last symbols may be the beginning of `H4sI` or `1f8b08`, with which archives begin. */
function openArchive(raw: usize, count: i32): i32 {
  const last: u32 = count > 0 ? load<u8>(raw + count - 1) : 0;
  const before: u32 = count > 1 ? load<u8>(raw + count - 2) : 0;
  const third: u32 = count > 2 ? load<u8>(raw + count - 3) : 0;
  if (third == 0x48 && before == 0x34 && last == 0x73) return 3;
  if (before == 0x48 && last == 0x34) return 2;
  if (last == 0x48 || last == 0x31) return 1;
  for (let length = min(count, 5); length > 1; length--) {
    const at = raw + count - length;
    let alike = 0;
    // 1f8b0, the last one lowest.
    while (
      alike < length &&
      (load<u8>(at + alike) | 0x20) == <u8>(((0x3062386631 >>> ((<u64>alike) << 3)) & 0xff) | 0x20)
    )
      alike++;
    if (alike == length) return length;
  }
  return 0;
}

/** Symbols at the end of a text that cannot be passed on before more of it is known. */
export function openEnd(symbols: usize, raw: usize, count: i32): i32 {
  return max(max(openForm(symbols, count), openArchive(raw, count)), openStreak(raw, count));
}
