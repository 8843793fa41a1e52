import type { Approval } from "@berth/contracts";
import type { Tone } from "@berth/ui";
import { Ban, Check, Hourglass, type LucideIcon, Replace, TimerOff, X } from "lucide-react";

type Decided = Pick<Approval, "state" | "decidedBy" | "execution">;

const outcomes: Record<Exclude<Approval["state"], "pending">, { tone: Tone; word: string; icon: LucideIcon }> = {
  approved: { tone: "good", word: "Approved", icon: Check },
  denied: { tone: "neutral", word: "Denied", icon: X },
  expired: { tone: "neutral", word: "Expired", icon: TimerOff },
  cancelled: { tone: "neutral", word: "Cancelled", icon: Ban },
  superseded: { tone: "neutral", word: "Replaced by a newer request", icon: Replace },
};

/** How a request ended and what became of it, each of the five endings in its own words. */
export function outcomeWords(approval: Decided): { tone: Tone; word: string; icon: LucideIcon; result: string } {
  if (approval.state === "pending") return { tone: "accent", word: "Waiting", icon: Hourglass, result: "" };
  return { ...outcomes[approval.state], result: whatHappened(approval) };
}

function whatHappened({ state, execution }: Decided): string {
  if (state !== "approved") return "It did not run.";
  if (execution === "succeeded") return "It ran once and succeeded.";
  if (execution === "failed") return "It was started and failed.";
  return "It is about to run.";
}
