import type { EgressReport } from "@berth/contracts";

type Recent = EgressReport["recent"];

/** The hosts without repeats, newest first: `example.net and 2 more`. */
export function hostWords(recent: Recent): string {
  const hosts = [...new Set(recent.map(({ host }) => host))];
  const [first = "", second] = hosts;
  if (hosts.length < 3) return second === undefined ? first : `${first} and ${second}`;
  return `${first} and ${hosts.length - 1} more`;
}

export const timesWords = (recent: Recent): string => {
  const times = recent.reduce((sum, { count }) => sum + count, 0);
  return times === 1 ? "once" : times === 2 ? "twice" : `${times.toLocaleString("en-IE")} times`;
};

/** When it was refused last; null if nothing was. */
export const lastRefusal = (report: EgressReport | null): string | null =>
  report?.recent.reduce<string | null>((last, { lastAt }) => (last === null || lastAt > last ? lastAt : last), null) ??
  null;
