import { durationWords } from "../frame/times.ts";

export interface Countdown {
  expired: boolean;
  /** Less than a tenth of the whole time is left. */
  urgent: boolean;
  words: string;
}

/** How long a request still waits for a decision. */
export function countdown(request: { createdAt: string; expiresAt: string }, nowMs: number): Countdown {
  const expiresAt = Date.parse(request.expiresAt);
  const leftMs = expiresAt - nowMs;
  if (leftMs <= 0) return { expired: true, urgent: false, words: "Its time has run out" };
  const urgent = leftMs < (expiresAt - Date.parse(request.createdAt)) / 10;
  return { expired: false, urgent, words: `${durationWords(leftMs)} left` };
}
