import type { ReactNode } from "react";

/** Names and values beside one another; rows without a value are left out. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(5rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="min-w-0 text-ink wrap-anywhere">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Text as a machine reads it. It can be scrolled with the keyboard, so that nothing of it stays unseen. */
export function MonoBlock({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <figure aria-label={label} tabIndex={0} className="max-h-80 overflow-auto rounded-control bg-sunken">
      <pre className="p-3 font-mono text-sm whitespace-pre-wrap text-ink wrap-anywhere">{children}</pre>
    </figure>
  );
}
