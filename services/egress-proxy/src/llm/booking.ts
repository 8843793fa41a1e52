import { fail } from "@berth/platform";
import { noTokens, type TokenCounts, type UsageLedger } from "../ledger/usage-ledger.ts";
import type { Json } from "./json.ts";
import type { WireFormat } from "./wire-format.ts";

/** Prompt parts that a provider adds by itself (tool preamble and the like). */
const overheadTokens = 1000;

/** Characters to tokens where the provider's own number is missing: a fair guess. */
const guessed = (chars: number) => Math.ceil(chars / 4);

export interface Booking {
  read(json: Json): void;
  /** Text of the answer that came by, for the case that its numbers never come. */
  saw(chars: number): void;
  counts(): TokenCounts;
  /** The provider's numbers never came, or not all of them: `counts()` is a guess. */
  isGuess(): boolean;
  /** The provider took the call on: from here on it costs something, however it ends. */
  accepted(): void;
  /** The call ended without an answer: books nothing if the provider did not take it on. */
  settleBroken(): Promise<void>;
  /** Books what was used, once; durable when it resolves. Rejects with `unavailable` if it cannot be written now. */
  settle(): Promise<void>;
}

/** Throws `rate_limited` if the call could go past the month's budget. A token never has less than one byte. */
export async function bookCall(options: {
  ledger: UsageLedger;
  format: WireFormat;
  call: { callId: string; agent: string; model: string };
  body: Json;
  sentBytes: number;
  tokensPerMonth: number | null;
}): Promise<Booking> {
  const { ledger, format, call, body, sentBytes } = options;
  const reserved = sentBytes + overheadTokens + format.outputLimit(body) + format.referredInput(body);
  const fallback = { ...noTokens, input: guessed(sentBytes) };
  const start = { ...call, provider: format.api, reserved, fallback };
  if (!(await ledger.reserve(start, options.tokensPerMonth))) {
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
      const reading = format.readUsage(json);
      if (!reading) return;
      known = { ...known, ...reading.counts };
      complete ||= reading.final;
    },
    saw(added) {
      chars += added;
    },
    counts,
    isGuess: () => !complete,
    accepted() {
      taken = true;
    },
    settleBroken: () => ledger.settle(call.callId, taken ? counts() : noTokens, !complete),
    settle: () => ledger.settle(call.callId, counts(), !complete),
  };
}
