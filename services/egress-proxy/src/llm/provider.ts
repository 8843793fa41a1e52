import type { ToolArguments } from "@berth/contracts";
import type { TokenCounts } from "../ledger/usage-ledger.ts";

export type Json = Record<string, unknown>;
export type Turn = { text: string } | { tool: string; args: ToolArguments };

/** A stretch of streamed text inside an event: where it is, and which running text of the answer it continues. */
export interface StreamedText {
  /** Same key, same running text: content block or choice index, and field. */
  key: string;
  path: (string | number)[];
}

/** One provider's wire format, as far as the proxy has to know it. */
export interface Provider {
  api: "anthropic" | "openai";
  /** Below the gateway's base address, and below the upstream's. */
  path: string;
  keyHeaders(apiKey: string): Record<string, string>;
  errorBody(status: number, message: string): Json;
  /** The request as it goes out: what the count needs is switched on. */
  prepare(body: Json): Json;
  /** True if the provider signed a part that is in `body` and that `redacted` changed. */
  breaksSignature(body: Json, redacted: Json): boolean;
  /** Upper bound of output tokens. */
  outputLimit(body: Json): number;
  /** Takes the provider's own numbers out of an answer or an event; `counts` is what is known so far. */
  readUsage(body: Json, counts: Partial<TokenCounts>): Partial<TokenCounts>;
  /** Running texts in an event. What is not named here is redacted by itself. */
  streamedTexts(event: Json): StreamedText[];
  /** Prefixes of the keys whose running text ends with this event. */
  endsTexts(event: Json): string[];
  /** The event that tells the client that the answer is complete. */
  isLast(data: string, event: Json | null): boolean;
  /** An event that only exists because `prepare` asked for it. */
  isOwnEvent(event: Json, original: Json): boolean;
  wholeAnswer(model: string, id: string, turn: Turn): Json;
  streamedAnswer(model: string, id: string, turn: Turn): string[];
}

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** A count as a provider sends it, or undefined for anything that is not one. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** Every string leaf below `value`, by path. */
export function stringLeaves(value: unknown, path: (string | number)[]): (string | number)[][] {
  if (typeof value === "string") return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => stringLeaves(item, [...path, index]));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => stringLeaves(item, [...path, key]));
}
