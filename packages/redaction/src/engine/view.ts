/** A decoded copy of a part of a text, and where in that text each of its code units comes from. */
export interface View {
  units: Uint16Array;
  /** For each unit the first unit of the text that it is made of, and the one behind the last. */
  begin: Int32Array;
  end: Int32Array;
}

/** Collects the units of a view. */
export class ViewDraft {
  #units: Uint16Array;
  #begin: Int32Array;
  #end: Int32Array;
  length = 0;

  constructor(room: number) {
    this.#units = new Uint16Array(room);
    this.#begin = new Int32Array(room);
    this.#end = new Int32Array(room);
  }

  put(unit: number, begin: number, end: number): void {
    if (this.length === this.#units.length) this.#grow();
    this.#units[this.length] = unit;
    this.#begin[this.length] = begin;
    this.#end[this.length] = end;
    this.length += 1;
  }

  putCodePoint(codePoint: number, begin: number, end: number): void {
    if (codePoint <= 0xffff) {
      this.put(codePoint, begin, end);
      return;
    }
    this.put(0xd800 + ((codePoint - 0x10000) >> 10), begin, end);
    this.put(0xdc00 + ((codePoint - 0x10000) & 0x3ff), begin, end);
  }

  /** The text as it is, from `begin` to `end`. */
  copy(units: Uint16Array, begin: number, end: number): void {
    while (this.length + end - begin > this.#units.length) this.#grow();
    this.#units.set(units.subarray(begin, end), this.length);
    for (let at = begin; at < end; at += 1) {
      this.#begin[this.length] = at;
      this.#end[this.length] = at + 1;
      this.length += 1;
    }
  }

  #grow(): void {
    const room = 2 * this.#units.length + 64;
    const larger = { units: new Uint16Array(room), begin: new Int32Array(room), end: new Int32Array(room) };
    larger.units.set(this.#units);
    larger.begin.set(this.#begin);
    larger.end.set(this.#end);
    this.#units = larger.units;
    this.#begin = larger.begin;
    this.#end = larger.end;
  }

  view(): View {
    return {
      units: this.#units.subarray(0, this.length),
      begin: this.#begin.subarray(0, this.length),
      end: this.#end.subarray(0, this.length),
    };
  }
}

/** Bytes at the end that are the beginning of a character of UTF-8. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte < 0xc2 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/**
 * Puts bytes as the UTF-8 text that they are; a byte that belongs to none is the character of the same number, but half
 * a character at the end of everything is left out. `begin` and `end` give where each byte comes from.
 */
export function putUtf8(
  draft: ViewDraft,
  all: Uint8Array,
  begin: (byte: number) => number,
  end: (byte: number) => number,
  isLast: boolean,
): void {
  const bytes = isLast ? all.subarray(0, all.length - unfinishedBytes(all)) : all;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    let codePoint = length === 1 ? first : first & (0xff >> (length + 1));
    let index = 1;
    for (; index < length; index += 1) {
      const next = bytes[at + index] ?? 0;
      if ((next & 0xc0) !== 0x80) break;
      codePoint = (codePoint << 6) | (next & 0x3f);
    }
    const used = index === length && codePoint <= 0x10ffff ? length : 1;
    draft.putCodePoint(used === length ? codePoint : first, begin(at), end(at + used - 1));
    at += used;
  }
}
