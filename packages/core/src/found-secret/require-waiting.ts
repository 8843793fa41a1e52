import type { FoundSecret } from "@berth/db";
import { fail } from "@berth/platform";

/** Throws `conflict`, saying by whom and when, unless the row waits for a person's word and its time has not run out. */
export function requireWaiting(row: FoundSecret, nowMs: number): void {
  const by = row.decidedBy === null ? "" : ` by ${row.decidedBy} at ${row.decidedAt?.toISOString()}`;
  if (row.state !== "waiting") fail("conflict", `It is ${words[row.state]} already${by}.`);
  if (row.expiresAt.getTime() <= nowMs) {
    fail(
      "conflict",
      "Its time has run out: the server has forgotten the value. It is offered again when it is seen again.",
    );
  }
}

const words: Record<Exclude<FoundSecret["state"], "waiting">, string> = {
  keeping: "being kept",
  dismissing: "being dismissed",
  kept: "kept",
  dismissed: "dismissed",
  expired: "expired",
};
