import { coreBinary } from "./core-binary.ts";
import { type Alphabet, type SymbolTables, symbolTables } from "./symbols.ts";

/** What `core/index.ts` exports; addresses and counts in its memory. */
interface CoreExports {
  fold(text: number, length: number, symbols: number, raw: number, blocks: number, escapes: number, runs: number): void;
  symbolCount: { readonly value: number };
  escapeCount: { readonly value: number };
  runCount: { readonly value: number };
  probe(symbols: number, count: number, hits: number, room: number): number;
  streaks(raw: number, count: number, records: number): number;
  openRun(text: number, length: number): number;
  openEnd(symbols: number, raw: number, count: number): number;
  countGrams(form: number, counters: number): void;
  chooseGrams(form: number, counters: number, list: number, count: number): number;
  enterGrams(count: number): void;
  setKnown(table: number, bits: number): void;
  setText(
    symbols: number,
    plane1: number,
    expansions: number,
    expanded: number,
    compared: number,
    kept: number,
    signs: boolean,
  ): void;
  setForms(
    pool: number,
    forms: number,
    anyGram: number,
    anyGramBits: number,
    triples: number,
    quads: number,
    stride: number,
    longest: number,
  ): void;
  setGrams(entries: number, slots: number, slotBits: number, filter: number, filterBits: number): void;
}

/** One instance of the compiled scanner with its memory; a registry has one of its own. */
export interface Core {
  exports: CoreExports;
  tables: SymbolTables;
  /** Reserves room that stays; answers its address, a multiple of 16, filled with zeros. */
  place(bytes: number): number;
  /** Makes sure that `bytes` behind everything placed are there; answers where they begin. What is in them does not last. */
  scratch(bytes: number): number;
  bytes(): Uint8Array;
  /** The memory as 32-bit words; stale after the next `place` or `scratch`. */
  words(): Uint32Array;
}

/** The part of the WebAssembly interface that is used here: its types come with browsers' only. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  Module: new (binary: Uint8Array) => object;
  Memory: new (size: { initial: number }) => WasmMemory;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { readonly exports: unknown };
};

const pageBytes = 65536;
let compiled: object | null = null;

/** `kept` of the core: for each mask of eight lanes the lanes it keeps, then lanes that give 0. */
function keptLanes(): Uint8Array {
  const table = new Uint8Array(256 * 8).fill(0x80);
  for (let mask = 0; mask < 256; mask += 1) {
    let next = mask * 8;
    for (let lane = 0; lane < 8; lane += 1) if ((mask >> lane) & 1) table[next++] = lane;
  }
  return table;
}

function expansionRows({ expansions }: SymbolTables): Uint8Array {
  const rows = [...expansions].sort(([a], [b]) => a - b);
  const table = new DataView(new ArrayBuffer(rows.length * 8));
  rows.forEach(([codePoint, symbols], row) => {
    table.setUint32(row * 8, codePoint, true);
    symbols.slice(0, 4).forEach((symbol, index) => {
      table.setUint8(row * 8 + 4 + index, symbol);
    });
  });
  return new Uint8Array(table.buffer);
}

export function createCore(alphabet: Alphabet): Core {
  compiled ??= new WebAssembly.Module(Buffer.from(coreBinary, "base64"));
  const memory = new WebAssembly.Memory({ initial: 4 });
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  // The shape is that of our own module, which the test of the binary compiles anew.
  const exports = instance.exports as CoreExports;
  const tables = symbolTables(alphabet);
  let top = pageBytes; // below are the module's own constants

  function ensure(end: number): void {
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  }
  const core: Core = {
    exports,
    tables,
    place(bytes) {
      const at = top;
      top = Math.ceil((at + bytes) / 16) * 16;
      ensure(top);
      core.bytes().fill(0, at, top);
      return at;
    },
    scratch(bytes) {
      ensure(top + bytes);
      return top;
    },
    bytes: () => new Uint8Array(memory.buffer),
    words: () => new Uint32Array(memory.buffer),
  };
  const put = (content: Uint8Array): number => {
    const at = core.place(content.length);
    core.bytes().set(content, at);
    return at;
  };
  const rows = expansionRows(tables);
  exports.setText(
    put(tables.units),
    put(tables.plane1),
    put(rows),
    rows.length / 8,
    put(tables.compared),
    put(keptLanes()),
    alphabet === "signs",
  );
  return core;
}
