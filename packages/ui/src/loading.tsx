import { classNames } from "./class-names.ts";

/** The turning ring of something that is under way. */
export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "inline-block size-4 shrink-0 animate-spin rounded-full border-2 border-current border-r-transparent",
        className,
      )}
    />
  );
}

/** Stands where content will be; a screen reader hears `label` once. */
export function Loading({ label, rows = 3 }: { label: string; rows?: number }) {
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((key) => (
        <span key={key} className="h-16 animate-pulse rounded-card border border-line bg-sunken" />
      ))}
    </div>
  );
}
