import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from "react";
import { classNames } from "./class-names.ts";

type Kind = "primary" | "quiet" | "danger";
const look: Record<Kind, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  quiet: "border border-line-strong bg-surface text-ink hover:bg-sunken",
  danger: "border border-bad bg-surface text-bad hover:bg-bad-wash",
};
const shape =
  "inline-flex min-h-11 cursor-pointer items-center justify-center gap-2 rounded-control px-4 py-2 text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-60";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  /** While true the button waits: it shows so and cannot be pressed again. */
  busy?: boolean;
}

export function Button({ kind = "primary", busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classNames(shape, look[kind], className)}
    >
      {busy ? <span className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent" /> : null}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  kind = "primary",
  className,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { kind?: Kind }) {
  return <a {...rest} className={classNames(shape, look[kind], className)} />;
}
