import { fail } from "@berth/platform";
import { type Holder, isHolder, isJson, type Json } from "./json.ts";
import type { WireFormat } from "./wire-format.ts";

/** A string (or number) of a request and where it stands. */
export interface RequestText {
  holder: Holder;
  key: string | number;
  text: string;
  /** Number of the message it belongs to; 0 for what stands before all messages. */
  group: number;
  /** False for ids, signatures and media, in which whatever looks like a secret is none. */
  patterns: boolean;
  /** The part that the provider signed and that this is in. */
  signed: Json | null;
}

export interface RequestTexts {
  /** What was said, in the order of the conversation: a secret may be split over neighbours. */
  spoken: RequestText[];
  /** Each by itself: names, ids, media, numbers, descriptions of tools. */
  apart: RequestText[];
  /** Names of fields, each once. */
  names: Set<string>;
}

const maxDepth = 500;
/** Numbers with fewer characters hold no secret: the vault takes none under eight. */
const numberCharsMin = 8;

/** Fields whose strings are the protocol's: ids, kinds, signatures. No text of a person, a model or a tool is in them. */
const protocolFields = new Set(
  (
    "type role id model tool_use_id tool_call_id call_id item_id previous_response_id container file_id fileId status " +
    "signature thoughtSignature encrypted_content media_type mimeType detail format ttl phase mode effort " +
    "tool_choice prompt_cache_key safety_identifier service_tier cachedContent"
  ).split(" "),
);
/** Fields whose strings are names and addresses: looked through in every way, but nobody's speech. */
const nameFields = new Set("name user user_id title filename url image_url fileUri displayName".split(" "));
/** Free-form JSON of a tool call or a result: whatever the fields are called, their strings are speech. */
const freeFields = new Set(["input", "args", "response", "arguments"]);
/** Schemas and other descriptions, which no model wrote. */
const describingFields = new Set(
  (
    "input_schema parameters parametersJsonSchema schema json_schema metadata labels partMetadata responseSchema " +
    "responseJsonSchema response_format"
  ).split(" "),
);

type Way = "wire" | "free" | "describing";

function wayInto(name: string, value: unknown, way: Way): Way {
  if (way !== "wire") return way;
  if (describingFields.has(name)) return "describing";
  return freeFields.has(name) && isJson(value) ? "free" : "wire";
}

/** Encoded media: base64 beside a media type that is no text, or an address that holds its data itself. */
function isMedia(holder: Holder, key: string | number, text: string): boolean {
  if (text.startsWith("data:")) return !text.startsWith("data:text/");
  if (key !== "data" || Array.isArray(holder)) return false;
  const mediaType = holder.mimeType ?? holder.media_type;
  return holder.type === "redacted_thinking" || (typeof mediaType === "string" && !mediaType.startsWith("text/"));
}

class Collector {
  readonly texts: RequestTexts = { spoken: [], apart: [], names: new Set() };
  readonly #signatureKey: (part: Json) => string | null;
  #group = 0;
  #signed: Json | null = null;

  constructor(format: WireFormat) {
    this.#signatureKey = format.signed.signatureKey;
  }

  collect(body: Json, messagesKey: string): void {
    for (const [name, value] of Object.entries(body)) {
      this.texts.names.add(name);
      if (name !== messagesKey) this.#visit(body, name, value, "wire", 1);
    }
    const messages = body[messagesKey];
    if (Array.isArray(messages)) {
      for (const [at, message] of messages.entries()) {
        this.#group = at + 1;
        this.#visit(messages, at, message, "wire", 2);
      }
    } else {
      this.#group = 1;
      this.#visit(body, messagesKey, messages, "wire", 1);
    }
  }

  #visit(holder: Holder, key: string | number, value: unknown, way: Way, depth: number): void {
    if (typeof value === "string") this.#add(holder, key, value, way);
    else if (typeof value === "number") this.#addNumber(holder, key, String(value));
    else if (isHolder(value)) this.#visitBelow(value, way, depth);
  }

  #visitBelow(value: Holder, way: Way, depth: number): void {
    if (depth > maxDepth) fail("invalid_input", `The JSON is nested more than ${maxDepth} levels deep.`);
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) this.#visit(value, at, item, way, depth + 1);
      return;
    }
    const outer = this.#signed;
    if (way === "wire" && this.#signatureKey(value) !== null) this.#signed = value;
    for (const name of Object.keys(value)) {
      this.texts.names.add(name);
      this.#visit(value, name, value[name], wayInto(name, value[name], way), depth + 1);
    }
    this.#signed = outer;
  }

  #add(holder: Holder, key: string | number, text: string, way: Way): void {
    const { spoken, apart } = this.texts;
    const field = String(key);
    if (way === "free") this.#push(spoken, { holder, key, text, patterns: true });
    else if (way === "describing") this.#push(apart, { holder, key, text, patterns: true });
    else if (isMedia(holder, key, text) || protocolFields.has(field)) {
      this.#push(apart, { holder, key, text, patterns: false });
    } else this.#push(nameFields.has(field) ? apart : spoken, { holder, key, text, patterns: true });
  }

  #addNumber(holder: Holder, key: string | number, text: string): void {
    if (text.length >= numberCharsMin) this.#push(this.texts.apart, { holder, key, text, patterns: false });
  }

  #push(list: RequestText[], text: Omit<RequestText, "group" | "signed">): void {
    list.push({ ...text, group: this.#group, signed: this.#signed });
  }
}

/** All strings of a request, what stands before the messages first. Throws `invalid_input` on JSON without a bottom. */
export function requestTexts(format: WireFormat, body: Json): RequestTexts {
  const collector = new Collector(format);
  collector.collect(body, format.messagesKey);
  return collector.texts;
}
