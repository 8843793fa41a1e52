import { type FoundSecret, SecretName } from "@berth/contracts";
import { durationWords, momentWords } from "../frame/times.ts";

/** What it looks like, e.g. "GitHub personal access token". */
export const looksLike = ({ vendor, what }: Pick<FoundSecret, "vendor" | "what">): string => `${vendor} ${what}`.trim();

export const seenInWords = ({ seenIn }: Pick<FoundSecret, "seenIn">): string =>
  seenIn.kind === "chat" ? "the chat" : `a result of the tool ${seenIn.tool}`;

/** Until when the server still holds the value. */
export function heldWords({ expiresAt }: Pick<FoundSecret, "expiresAt">, nowMs: number): string {
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return "Its time has run out";
  return `${momentWords(expiresAt)} (${durationWords(leftMs)} left)`;
}

/** What is wrong with a name and what would be right, in the vault's own rule; null if it is a good one. */
export function nameProblem(name: string): string | null {
  if (SecretName.safeParse(name).success) return null;
  if (name === "") return "Give it a name.";
  if (!/^[a-z]/.test(name)) return "A name starts with a small letter, a to z.";
  if (name.length > 63) return "A name has at most 63 characters.";
  return "A name holds small letters, digits, _ and - only.";
}
