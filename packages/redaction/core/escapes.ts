/** What `escapeAt` answers, above the 29 bits of an offset. */
export const escapeSequence: u32 = 1 << 29;
/** `=XX` of quoted-printable, apart because an equals sign before two hex digits is often none. */
export const quotedPrintable: u32 = 1 << 30;
/** `\"`, `\/` or `\\`: of no matter to letters and digits, but to whoever reads an assignment. */
export const escapedSign: u32 = 1 << 31;

function unitAt(at: usize, end: usize): u32 {
  return at < end ? <u32>load<u16>(at) : 0;
}

function isHex(unit: u32): bool {
  return unit - 0x30 < 10 || (unit | 0x20) - 0x61 < 6;
}

function isLetterOrDigit(unit: u32): bool {
  return unit - 0x30 < 10 || (unit | 0x20) - 0x61 < 26;
}

function isHexPair(at: usize, end: usize): bool {
  return isHex(unitAt(at, end)) && isHex(unitAt(at + 2, end));
}

function backslashAt(at: usize, end: usize): u32 {
  const next = unitAt(at + 2, end);
  if (next == 0x22 || next == 0x2f || next == 0x5c) return escapedSign;
  if (next - 0x30 < 8) return escapeSequence; // octal
  switch (next) {
    case 0x61: // a
    case 0x62: // b
    case 0x65: // e
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
    case 0x76: // v
      return escapeSequence;
    case 0x75: // u
      return isHex(unitAt(at + 4, end)) || unitAt(at + 4, end) == 0x7b ? escapeSequence : 0;
    case 0x55: // U
      return isHex(unitAt(at + 4, end)) ? escapeSequence : 0;
    case 0x78: // x
      return isHex(unitAt(at + 4, end)) || unitAt(at + 4, end) == 0x7b ? escapeSequence : 0;
  }
  return 0;
}

/** One `=XX` alone counts only where it stands for no letter or digit: encoders leave those as they are. */
function equalsAt(at: usize, text: usize, end: usize): u32 {
  const next = unitAt(at + 2, end);
  if (next == 0x0a || next == 0x0d) return quotedPrintable; // a soft line break
  if (!isHexPair(at + 2, end)) return 0;
  const high = unitAt(at + 2, end);
  const low = unitAt(at + 4, end);
  const value = (((high & 15) + (high >= 0x40 ? 9 : 0)) << 4) | ((low & 15) + (low >= 0x40 ? 9 : 0));
  if (!isLetterOrDigit(value)) return quotedPrintable;
  for (let ahead: usize = 6; ahead <= 24; ahead += 2) {
    if (unitAt(at + ahead, end) == 0x3d && isHexPair(at + ahead + 2, end)) return quotedPrintable;
  }
  for (let back: usize = 6; back <= 24; back += 2) {
    if (at - back < text) return 0;
    if (load<u16>(at - back) == 0x3d && isHexPair(at - back + 2, end)) return quotedPrintable;
  }
  return 0;
}

/** Whether an escape sequence that hides a character begins at `at`, and of which family; 0 if not. */
export function escapeAt(at: usize, text: usize, end: usize): u32 {
  const unit: u32 = load<u16>(at);
  const next = unitAt(at + 2, end);
  switch (unit) {
    case 0x25: // %41, %2541, %u0041
      return isHexPair(at + 2, end) || ((next | 0x20) == 0x75 && isHexPair(at + 4, end)) ? escapeSequence : 0;
    case 0x5c:
      return backslashAt(at, end);
    case 0x26: // &#65; &#x41; &amp;
      return next == 0x23 || (next | 0x20) - 0x61 < 26 ? escapeSequence : 0;
    case 0x3d:
      return equalsAt(at, text, end);
    case 0x2b: // U+0041
      return at > text && (<u32>load<u16>(at - 2) | 0x20) == 0x75 && isHexPair(at + 2, end) ? escapeSequence : 0;
    case 0x78: // 0x41
      return at > text && load<u16>(at - 2) == 0x30 && isHexPair(at + 2, end) ? escapeSequence : 0;
    case 0x1b: // ESC [ 31 m
    case 0x9b:
      return escapeSequence;
  }
  return 0;
}
