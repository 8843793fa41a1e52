import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** How much of something is used. Past the limit the bar is full and another colour; `said` tells it in words. */
export function Meter({ label, value, max, said }: { label: string; value: number; max: number; said: ReactNode }) {
  const share = max > 0 ? value / max : 0;
  const fill = share >= 1 ? "bg-bad" : share >= 0.8 ? "bg-warn" : "bg-accent";
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-2 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-soft">{said}</span>
      </div>
      <meter className="sr-only" aria-label={label} min={0} max={Math.max(max, 1)} value={Math.min(value, max)} />
      <div aria-hidden="true" className="h-3 overflow-hidden rounded-full border border-line-strong bg-sunken">
        <div className={classNames("h-full", fill)} style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
    </div>
  );
}
