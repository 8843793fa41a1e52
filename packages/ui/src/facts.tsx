import type { ReactNode } from "react";

/** Names and values beside one another; rows without a value are left out. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid gap-x-5 gap-y-2 text-sm sm:grid-cols-[max-content_1fr]">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name} className="min-w-0 sm:contents">
            <dt className="text-faint">{name}</dt>
            <dd className="min-w-0 break-words text-ink">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Text as a machine reads it. It can be scrolled with the keyboard, so that nothing of it stays unseen. */
export function MonoBlock({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={label} tabIndex={0} className="max-h-80 overflow-auto rounded-control bg-sunken">
      <pre className="p-3 font-mono text-sm break-words whitespace-pre-wrap text-ink">{children}</pre>
    </section>
  );
}
