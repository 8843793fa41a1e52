import type { ParkedCall } from "./approval-store.ts";

const about = ({ id, tool }: ParkedCall): string => `${id} (${tool})`;
const noteOf = (note: string | null): string => (note ? ` The customer's note: ${note}` : "");

/** What a woken session reads; each way an approval can end says something different. */
export const wakeTexts = {
  succeeded: (call: ParkedCall, result: string): string =>
    `[Berth] The customer approved ${about(call)}; it ran once and succeeded.${noteOf(call.note)} Result:\n${result}`,
  failed: (call: ParkedCall, result: string): string =>
    `[Berth] The customer approved ${about(call)}, but it failed.${noteOf(call.note)} Result:\n${result}`,
  interrupted: (call: ParkedCall): string =>
    `[Berth] The customer approved ${about(call)}; it was interrupted while it ran, may have happened in part, and is not run again. Check before you ask again.`,
  denied: (call: ParkedCall): string =>
    `[Berth] The customer denied ${about(call)}; it did not run and must not be tried in another way.${noteOf(call.note)}`,
  expired: (call: ParkedCall): string =>
    `[Berth] Nobody decided on ${about(call)} in time; it expired and did not run.`,
  cancelled: (call: ParkedCall): string => `[Berth] ${about(call)} was cancelled; it did not run.${noteOf(call.note)}`,
};
