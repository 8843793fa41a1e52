import { type Escape, isEncodedAgain, isListSpaceOnly, readEscape } from "./escape-sequences.ts";
import { putUtf8, type View, ViewDraft } from "./view.ts";

/** As `core/escapes.ts` marks them. */
export const escapeFamilies = { sequence: 1 << 29, quotedPrintable: 1 << 30, sign: (1 << 31) >>> 0 } as const;
const offsetMask = (1 << 29) - 1;
/**
 * Code units around an escape that are read with it: more than a run of sixteen characters takes in any form. What is
 * further away is found without it.
 */
const reach = 160;
/** Code units between the signs of two escapes of which one may be inside the other. */
const nestedMax = 8;

/** Puts bytes that were collected from neighbouring escapes. */
function flush(draft: ViewDraft, run: Escape[], isLast = false): void {
  const sources: Escape[] = [];
  const bytes: number[] = [];
  for (const each of run) {
    for (const byte of each.bytes ?? []) {
      bytes.push(byte);
      sources.push(each);
    }
  }
  putUtf8(
    draft,
    Uint8Array.from(bytes),
    (byte) => sources[byte]?.begin ?? 0,
    (byte) => sources[byte]?.end ?? 0,
    isLast,
  );
  run.length = 0;
}

const isAlnum = (byte: number): boolean => /[0-9A-Za-z]/.test(String.fromCharCode(byte));

/** Encoders leave letters and digits as they are, so an `=41` among other escapes may be just that. */
const isNeedless = (found: Escape): boolean => found.bytes?.length === 1 && isAlnum(found.bytes[0] ?? 0);

type Reader = (units: Uint16Array, at: number) => Escape | null;
const allLevels: Reader = (units, at) => readEscape(units, at);
const oneLevel: Reader = (units, at) => readEscape(units, at, true);
const needed: Reader = (units, at) => {
  const found = readEscape(units, at);
  return found && isNeedless(found) ? null : found;
};

function readRegion(units: Uint16Array, region: Region, read: Reader): View {
  const draft = new ViewDraft(region.end - region.begin);
  let at = region.begin;
  const run: Escape[] = [];
  for (const sign of region.signs) {
    if (sign < at) continue;
    const found = read(units, sign);
    if (!found) continue;
    if (found.begin < at) {
      // More backslashes than the last escape left; but an `x` or a plus behind its digits begins nothing.
      if (units[sign] !== 0x5c) continue;
      found.begin = at;
    }
    if (found.begin > at && run.length > 0) flush(draft, run);
    draft.copy(units, at, found.begin);
    if (found.backslashes) flush(draft, run);
    for (let count = found.backslashes ?? 0; count > 0; count -= 1) draft.put(0x5c, found.begin, found.end);
    if (found.bytes) run.push(found);
    else {
      flush(draft, run);
      if (found.codePoint !== undefined) draft.putCodePoint(found.codePoint, found.begin, found.end);
    }
    at = found.next ?? found.end;
  }
  flush(draft, run, isListSpaceOnly(units, at));
  if (at < region.end) draft.copy(units, at, region.end);
  return draft.view();
}

interface Region {
  begin: number;
  end: number;
  signs: number[];
}

function regionsOf(units: Uint16Array, escapes: Uint32Array, families: number): Region[] {
  const regions: Region[] = [];
  let open: Region | null = null;
  for (const entry of escapes) {
    if ((entry & families) === 0) continue;
    const sign = entry & offsetMask;
    if (open && sign - reach <= open.end) open.end = Math.min(units.length, sign + reach);
    else {
      open = { begin: Math.max(0, sign - reach), end: Math.min(units.length, sign + reach), signs: [] };
      regions.push(open);
    }
    open.signs.push(sign);
  }
  return regions;
}

/** Signs of other families than the first so near that one may be written with the other. */
function mixedFamilies(units: Uint16Array, signs: number[]): number[] {
  const families = new Set<number>();
  for (let index = 1; index < signs.length; index += 1) {
    const [before = 0, sign = 0] = [signs[index - 1], signs[index]];
    if (sign - before > nestedMax || units[sign] === units[before]) continue;
    families.add(units[before] ?? 0);
    families.add(units[sign] ?? 0);
  }
  return [...families];
}

/**
 * Copies of the parts of a text that have escapes of these families, without them: all undone at once, and where that may
 * be wrong also each family alone (one was written with the other) and one level only (a value looks escaped itself).
 */
export function unescaped(units: Uint16Array, escapes: Uint32Array, families: number): View[] {
  return regionsOf(units, escapes, families).flatMap((region) => {
    const views = [readRegion(units, region, allLevels)];
    if (region.signs.some((sign) => isEncodedAgain(units, sign))) views.push(readRegion(units, region, oneLevel));
    for (const family of mixedFamilies(units, region.signs)) {
      const signs = region.signs.filter((sign) => units[sign] === family);
      views.push(readRegion(units, { ...region, signs }, oneLevel));
    }
    return views;
  });
}

/** The same for quoted-printable; a second copy leaves what no encoder would have written, where there is both. */
export function unquoted(units: Uint16Array, escapes: Uint32Array): View[] {
  return regionsOf(units, escapes, escapeFamilies.quotedPrintable).flatMap((region) => {
    const needless = region.signs.filter((sign) => needed(units, sign) === null).length;
    const isMixed = needless > 0 && needless < region.signs.length;
    return [readRegion(units, region, allLevels), ...(isMixed ? [readRegion(units, region, needed)] : [])];
  });
}

/** The text without any escapes; the same string if it has none. */
export function withoutEscapes(text: string): string {
  const units = Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const signs = Array.from(units.keys()).filter((at) => units[at] !== 0x3d && readEscape(units, at) !== null);
  if (signs.length === 0) return text;
  return String.fromCharCode(...readRegion(units, { begin: 0, end: units.length, signs }, allLevels).units);
}
