import type { ToolArguments, ToolCall } from "@berth/contracts";

/** What a tool did, before redaction. `ok`: it did what was asked. */
export interface ToolOutcome {
  ok: boolean;
  text: string;
}

/** Puts the value of a secret in; audited, with the use in words. */
export type UseSecret = (name: string, purpose: string) => string;

export interface ToolRunInput<A = ToolArguments> {
  args: A;
  call: Pick<ToolCall, "agent" | "sessionKey" | "origin">;
  useSecret: UseSecret;
  /** For a text that was cut: takes secrets out, and off its end what could be the beginning of one. */
  redactCut: (text: string) => string;
}
