import type { Approval } from "@berth/contracts";
import type { Tone } from "@berth/ui";

type Decided = Pick<Approval, "state" | "decidedBy" | "execution">;

const outcomes: Record<Exclude<Approval["state"], "pending">, { tone: Tone; word: string }> = {
  approved: { tone: "good", word: "Approved" },
  denied: { tone: "bad", word: "Denied" },
  expired: { tone: "neutral", word: "Expired" },
  cancelled: { tone: "neutral", word: "Cancelled" },
  superseded: { tone: "neutral", word: "Replaced by a newer request" },
};

/** How a request ended and what became of it, each of the five endings in its own words. */
export function outcomeWords(approval: Decided): { tone: Tone; word: string; result: string } {
  if (approval.state === "pending") return { tone: "accent", word: "Waiting", result: "" };
  return { ...outcomes[approval.state], result: whatHappened(approval) };
}

function whatHappened({ state, execution }: Decided): string {
  if (state !== "approved") return "It did not run.";
  if (execution === "succeeded") return "It ran once and succeeded.";
  if (execution === "failed") return "It was started and failed.";
  return "It is about to run.";
}
