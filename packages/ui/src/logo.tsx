/** The mark: a hull at its berth. Takes the colour of its text. */
export function Logo({ withName = true }: { withName?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-ink">
      <svg viewBox="0 0 28 28" className="size-7 text-accent" aria-hidden="true" focusable="false">
        <rect x="1" y="1" width="26" height="26" rx="7" fill="currentColor" />
        <path d="M6 16h16l-2.6 4.2a2 2 0 0 1-1.7.8h-7.4a2 2 0 0 1-1.7-.8L6 16Z" fill="var(--on-accent)" />
        <path d="M13 7h2v7h-2zM15 8l5 4.5h-5z" fill="var(--on-accent)" />
      </svg>
      {withName ? <span className="text-lg tracking-tight">Berth</span> : <span className="sr-only">Berth</span>}
    </span>
  );
}
