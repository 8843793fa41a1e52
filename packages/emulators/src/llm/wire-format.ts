import type { IncomingHttpHeaders } from "node:http";
import type { Utterance } from "./conversation.ts";
import type { Turn } from "./turn.ts";
import type { UsageNumbers } from "./usage-numbers.ts";

export interface WireError {
  status: number;
  body: unknown;
}

/** A request that was understood. */
export interface WireRequest {
  model: string;
  stream: boolean;
  conversation: Utterance[];
  /** Characters of all that counts as prompt. */
  promptChars: number;
  /** The request switched thinking on. */
  thinks: boolean;
  /** It also wants to read the thoughts. */
  showsThoughts: boolean;
  includeUsage: boolean;
  /** How a streamed answer is cut: `json-array` is Google's default. */
  framing: "sse" | "json-array";
}

export interface RawRequest {
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

export type ProviderName = "anthropic" | "openai" | "google";

/** One provider's way to say the same things. */
export interface WireFormat {
  provider: ProviderName;
  /** Path of the address, without the query. */
  serves(path: string): boolean;
  keyOf(headers: IncomingHttpHeaders): string;
  unauthorised(): WireError;
  notFound(method: string, path: string): WireError;
  tooLarge(): WireError;
  parse(request: RawRequest): WireRequest | WireError;
  whole(request: WireRequest, turn: Turn, usage: UsageNumbers): unknown;
  /** The pieces of a streamed answer: server-sent events with their blank line, or the pieces of a JSON array. */
  stream(request: WireRequest, turn: Turn, usage: UsageNumbers): string[];
}

export const isWireError = (value: WireRequest | WireError): value is WireError => "status" in value;

/** The body as JSON, or undefined (which no JSON text means). */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
