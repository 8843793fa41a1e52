import type { LlmApi, ToolArguments } from "@berth/contracts";
import type { TokenCounts } from "../ledger/usage-ledger.ts";
import type { Json, Path } from "./json.ts";

export type Turn = { text: string } | { tool: string; args: ToolArguments };

/** What one call is about, as far as it is not the text. */
export interface CallFacts {
  model: string;
  stream: boolean;
  /** How a streamed answer is cut: `json-array` is a JSON list that grows, Google's default. */
  framing: "sse" | "json-array";
}

/** A stretch of streamed text inside an event: where it is, and which running text of the answer it continues. */
export interface StreamedText {
  /** Same key, same running text: message, content index and field. */
  key: string;
  path: Path;
}

export interface UsageReading {
  counts: Partial<TokenCounts>;
  /** The provider will say nothing more about this call. */
  final: boolean;
}

/** Parts of a conversation that the provider signed or sealed: they go back as they came or not at all. */
export interface SignedParts {
  /** Key of the signature, if `part` is such a part. */
  signatureKey(part: Json): string | null;
  /**
   * Takes `parts` of the request out of it, where the API lets a caller leave them out. Throws `invalid_input` where it
   * wants them back.
   */
  drop(body: Json, parts: ReadonlySet<Json>): void;
}

/** One provider's wire format, as far as the proxy has to know it. */
export interface WireFormat {
  name: "anthropic-messages" | "openai-chat" | "openai-responses" | "google-generate";
  /** Whose address and key it uses. */
  api: LlmApi;
  /** True if the path, below the gateway's base address and below the upstream's, is one of this format. */
  serves(path: string): boolean;
  /** Throws `invalid_input` with the field's name where the body is none of this format. */
  factsOf(body: Json, address: { path: string; query: URLSearchParams }): CallFacts;
  keyHeaders(apiKey: string): Record<string, string>;
  /** Headers of this provider's own clients that may pass, besides those that every client has. */
  headers: RegExp;
  /** Parameters of the address that may pass. Null: all, looked through; else any other one is refused. */
  queryNames: readonly string[] | null;
  errorBody(status: number, message: string): Json;
  /** Key of the list of messages in a request; its elements are in the order of the conversation. */
  messagesKey: string;
  signed: SignedParts;
  /** Adds to a streamed request what the count needs. Changes `body`; true if the answer now has an event of our own. */
  prepare(body: Json): boolean;
  /** Upper bound of output tokens. */
  outputLimit(body: Json): number;
  /** Upper bound of the input tokens that are not in the request, because the provider keeps them: by reference. */
  referredInput(body: Json): number;
  /** Takes the provider's own numbers out of an answer or an event; null if there are none in it. */
  readUsage(body: Json): UsageReading | null;
  /** Running texts in an event. What is not named here is redacted by itself. */
  streamedTexts(event: Json): StreamedText[];
  /** Prefixes of the keys whose running text ends with this event. */
  endsTexts(event: Json): string[];
  /** Signatures in an event over running texts of earlier ones: where, and the prefix of those texts' keys. */
  signatures(event: Json): { path: Path; covers: string }[];
  /**
   * `last`: the client takes the answer for complete after this event, and nothing follows. `closing`: the client may
   * take it for complete, but the provider may add to it.
   */
  ending(data: string, event: Json | null): "last" | "closing" | null;
  /** The event that only exists because `prepare` asked for it, if it did. */
  isOwnEvent(event: Json): boolean;
  wholeAnswer(model: string, id: string, turn: Turn): Json;
  streamedAnswer(facts: CallFacts, id: string, turn: Turn): string[];
}
