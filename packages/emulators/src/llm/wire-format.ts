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
  includeUsage: boolean;
}

/** One provider's way to say the same things. */
export interface WireFormat {
  path: string;
  keyOf(headers: IncomingHttpHeaders): string;
  unauthorised(): WireError;
  notFound(method: string, path: string): WireError;
  tooLarge(): WireError;
  parse(body: string, headers: IncomingHttpHeaders): WireRequest | WireError;
  whole(request: WireRequest, turn: Turn, usage: UsageNumbers): unknown;
  /** Server-sent events, complete with their blank line. */
  events(request: WireRequest, turn: Turn, usage: UsageNumbers): string[];
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
