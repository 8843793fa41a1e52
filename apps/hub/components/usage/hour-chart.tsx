"use client";

import type { UsageSummary } from "@berth/contracts";
import { DataTable } from "@berth/ui";
import { momentWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { hourBars } from "./hour-bars.ts";

const hoursShown = 48;
const tall = 120;
const wide = 12;

/** Use by hour as bars, and the same as a table for those who cannot see bars or want the numbers. */
export function HourChart({ byHour }: { byHour: UsageSummary["byHour"] }) {
  const now = useNow(60_000);
  const bars = hourBars(byHour, now, hoursShown);
  const first = bars[0];
  const last = bars.at(-1);
  const rows = [...byHour].reverse();
  return (
    <figure className="grid gap-2">
      <figcaption className="text-sm text-soft">Tokens in each of the last {hoursShown} hours</figcaption>
      <svg
        viewBox={`0 0 ${hoursShown * wide} ${tall + 1}`}
        preserveAspectRatio="none"
        className="h-36 w-full text-accent"
        aria-hidden="true"
      >
        <line x1="0" x2={hoursShown * wide} y1={tall} y2={tall} stroke="var(--line-strong)" strokeWidth="1" />
        {bars.map(({ hour, height }, index) => (
          <rect
            key={hour}
            x={index * wide + 1}
            y={tall - Math.max(height > 0 ? 2 : 0, height * (tall - 4))}
            width={wide - 2}
            height={Math.max(height > 0 ? 2 : 0, height * (tall - 4))}
            fill="currentColor"
          />
        ))}
      </svg>
      <div className="flex justify-between text-xs text-faint">
        <span>{first ? momentWords(first.hour) : ""}</span>
        <span>{last ? momentWords(last.hour) : ""}</span>
      </div>
      <details>
        <summary className="min-h-6 cursor-pointer rounded-control text-sm font-medium text-accent">
          The same as a table
        </summary>
        <div className="mt-3 max-h-96 overflow-y-auto">
          <DataTable
            caption="Tokens by hour"
            rows={rows}
            keyOf={({ hour }) => hour}
            columns={[
              { title: "Hour", cell: ({ hour }) => momentWords(hour) },
              { title: "Tokens", numeric: true, cell: ({ tokens }) => tokens.toLocaleString("en-IE") },
            ]}
          />
        </div>
      </details>
    </figure>
  );
}
