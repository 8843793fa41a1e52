import { fail } from "@berth/platform";
import { noTokens, type TokenCounts, type UsageLedger } from "../ledger/usage-ledger.ts";
import { isJson, type Json, type Provider } from "./provider.ts";

/** Prompt parts that a provider adds by itself (tool preamble and the like). */
const overheadTokens = 1000;
/** Parts that cost more tokens than they have bytes in the request, because only their address is in it. */
const referredTokens: Record<string, number> = {
  image: 10_000,
  image_url: 10_000,
  document: 500_000,
  file: 500_000,
  input_audio: 100_000,
};

function referredBound(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + referredBound(item), 0);
  if (!isJson(value)) return 0;
  const own = typeof value.type === "string" ? (referredTokens[value.type] ?? 0) : 0;
  return own + Object.values(value).reduce((sum: number, item) => sum + referredBound(item), 0);
}

/** Characters to tokens where the provider's own number is missing: a fair guess, marked as one in the ledger. */
const guessed = (chars: number) => Math.ceil(chars / 4);

export interface Booking {
  read(json: Json): void;
  /** Text of the answer that came by, for the case that its numbers never come. */
  saw(chars: number): void;
  counts(): TokenCounts;
  /** The provider took the call on: from here on it costs something, however it ends. */
  accepted(): void;
  /** The call ended without an answer: books nothing if the provider did not take it on. */
  settleBroken(): void;
  /** Books what was used, once; durable when it returns. The provider's numbers where they came, else a guess. */
  settle(): void;
}

/** Throws `rate_limited` if the call could go past the month's budget. A token never has less than one byte. */
export function bookCall(options: {
  ledger: UsageLedger;
  provider: Provider;
  call: { callId: string; agent: string; model: string };
  body: Json;
  sentBytes: number;
  tokensPerMonth: number | null;
}): Booking {
  const { ledger, provider, call, body, sentBytes } = options;
  const reserved = sentBytes + overheadTokens + provider.outputLimit(body) + referredBound(body.messages);
  const fallback = { ...noTokens, input: guessed(sentBytes) };
  const start = { ...call, provider: provider.api, reserved, fallback };
  if (!ledger.reserve(start, options.tokensPerMonth)) {
    fail("rate_limited", "The token budget of this month is used up, or this request could go past it.");
  }
  let known: Partial<TokenCounts> = {};
  let complete = false;
  let taken = false;
  let chars = 0;
  const counts = (): TokenCounts => {
    const output = complete ? (known.output ?? 0) : Math.max(known.output ?? 0, guessed(chars));
    return { ...(known.input === undefined ? fallback : noTokens), ...known, output };
  };
  return {
    read(json) {
      known = provider.readUsage(json, known);
      // A stream's first numbers count the prompt only; the answer's come in an event of their own.
      complete ||= known.output !== undefined && json.type !== "message_start" && isJson(json.usage);
    },
    saw(added) {
      chars += added;
    },
    counts,
    accepted() {
      taken = true;
    },
    settleBroken: () =>
      taken ? ledger.settle(call.callId, counts(), !complete) : ledger.settle(call.callId, noTokens, false),
    settle: () => ledger.settle(call.callId, counts(), !complete),
  };
}
