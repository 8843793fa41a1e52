const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A length of time in the two largest units that say something, e.g. `1 h 5 min`, `42 s`. Never negative. */
export function durationWords(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1000) return "under 1 s";
  if (whole < minuteMs) return `${Math.floor(whole / 1000)} s`;
  if (whole < hourMs) return pair(whole, minuteMs, "min", 1000, "s");
  if (whole < dayMs) return pair(whole, hourMs, "h", minuteMs, "min");
  return pair(whole, dayMs, "d", hourMs, "h");
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)} ${bigName}${rest > 0 ? ` ${rest} ${smallName}` : ""}`;
}

const dateAndTime = new Intl.DateTimeFormat("en-IE", { dateStyle: "medium", timeStyle: "short" });
const date = new Intl.DateTimeFormat("en-IE", { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-IE", { timeStyle: "short" });

/** A moment in the reader's own time zone. */
export const momentWords = (iso: string): string => dateAndTime.format(new Date(iso));
export const dateWords = (iso: string): string => date.format(new Date(iso));
export const clockWords = (iso: string): string => clock.format(new Date(iso));
export const agoWords = (iso: string, nowMs: number): string => `${durationWords(nowMs - Date.parse(iso))} ago`;
