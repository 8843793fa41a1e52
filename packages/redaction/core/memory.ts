/**
 * Where things lie in the module's memory. The host lays them out (`src/engine/core.ts`) and says so here; all addresses are
 * in bytes. This folder is AssemblyScript: TypeScript's syntax, WebAssembly's types. `npm run build:redaction` compiles it.
 */

/** u8[65536]: code unit -> symbol; 0 is skipped, 1 becomes several or none (surrogates, ligatures: see `wide.ts`). */
export let symbolOf: usize = 0;
/** u8[65536]: the same for the second plane, where styled letters are. */
export let symbolOfPlane1: usize = 0;
/** 8 bytes a row, sorted: code point u32, then up to four symbols, 0 behind the last. */
export let expansions: usize = 0;
export let expansionCount: i32 = 0;
/** u8[256]: symbol -> what is compared (small letters; `1`, `i`, `l` are one, `0` and `o` are one). */
export let comparedAs: usize = 0;
/** u8[256][8]: for each mask of eight lanes the lanes to keep, first ones first. */
export let kept: usize = 0;
/** Registry of punctuation: all printable signs count, not letters and digits alone. */
export let keepsSigns: bool = false;

/** u8: the symbols of all forms, one behind the other. */
export let pool: usize = 0;
/** 24 bytes a form: first symbol u32, length u32, symbols that make a hit u32, last seen at u32, until u32, in scan u32. */
export let forms: usize = 0;
/** 12 bytes an entry: form u32, position of the gram in it u32, next entry of the same gram u32 (1-based, 0 is none). */
export let entries: usize = 0;
/** 8 bytes a slot: fingerprint u32, first entry u32 (1-based, 0 is empty). */
export let slots: usize = 0;
export let slotShift: u64 = 0;
/** u64 words of a Bloom filter over the grams in `slots`, two bits each in one word. */
export let filter: usize = 0;
export let filterShift: u64 = 0;
/** The same over all grams of all forms, and plain bit sets of their runs of three and four symbols. */
export let anyGram: usize = 0;
export let anyGramShift: u64 = 0;
export let triples: usize = 0;
export let quads: usize = 0;
/** Grams are looked up at every `stride`-th symbol of a text, and entered at as many neighbouring places. */
export let stride: i32 = 3;
export let longestForm: i32 = 0;

export function setText(
  symbols: usize,
  plane1: usize,
  expanding: usize,
  expanded: i32,
  compared: usize,
  lanes: usize,
  signs: bool,
): void {
  symbolOf = symbols;
  symbolOfPlane1 = plane1;
  expansions = expanding;
  expansionCount = expanded;
  comparedAs = compared;
  kept = lanes;
  keepsSigns = signs;
}

export function setForms(
  symbols: usize,
  table: usize,
  all: usize,
  allBits: i32,
  three: usize,
  four: usize,
  step: i32,
  longest: i32,
): void {
  pool = symbols;
  forms = table;
  anyGram = all;
  anyGramShift = 64 - <u64>(allBits - 6);
  triples = three;
  quads = four;
  stride = step;
  longestForm = longest;
}

export function setGrams(list: usize, table: usize, tableBits: i32, bits: usize, filterBits: i32): void {
  entries = list;
  slots = table;
  slotShift = 64 - <u64>tableBits;
  filter = bits;
  filterShift = 64 - <u64>(filterBits - 6);
}
