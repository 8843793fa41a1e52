export interface HourBar {
  hour: string;
  tokens: number;
  /** Of the highest hour shown, 0 to 1. */
  height: number;
}

const hourMs = 3_600_000;

/** The last `count` hours up to the one of `nowMs`, hours without use included, so that gaps are seen as gaps. */
export function hourBars(byHour: { hour: string; tokens: number }[], nowMs: number, count: number): HourBar[] {
  const known = new Map(byHour.map(({ hour, tokens }) => [Date.parse(hour), tokens]));
  const lastMs = Math.floor(nowMs / hourMs) * hourMs;
  const hours = Array.from({ length: count }, (_, index) => lastMs - (count - 1 - index) * hourMs);
  const highest = Math.max(1, ...hours.map((hour) => known.get(hour) ?? 0));
  return hours.map((hour) => {
    const tokens = known.get(hour) ?? 0;
    return { hour: new Date(hour).toISOString(), tokens, height: tokens / highest };
  });
}
