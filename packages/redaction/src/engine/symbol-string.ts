import type { SymbolTables } from "./symbols.ts";

/** What a text is compared by, and where in the text each symbol comes from. */
export interface SymbolString {
  symbols: number[];
  /** Code unit of each symbol. */
  from: number[];
}

/** The same reduction as the core's `fold`, for the few short strings that a registry is made of. */
export function symbolString(tables: SymbolTables, text: string): SymbolString {
  const out: SymbolString = { symbols: [], from: [] };
  const put = (symbol: number, at: number) => {
    out.symbols.push(tables.compared[symbol] ?? 0);
    out.from.push(at);
  };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const symbol = tables.units[unit] ?? 0;
    if (symbol === 0) continue;
    if (symbol !== 1) {
      put(symbol, at);
      continue;
    }
    const codePoint = text.codePointAt(at) ?? unit;
    for (const each of tables.symbolsOf(codePoint)) put(each, at);
    if (codePoint > 0xffff) at += 1;
  }
  return out;
}
