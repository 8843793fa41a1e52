import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad" | "grave";
const look: Record<Tone, string> = {
  neutral: "border-line bg-sunken text-soft",
  accent: "border-transparent bg-accent-wash text-accent",
  good: "border-transparent bg-good-wash text-good",
  warn: "border-transparent bg-warn-wash text-warn",
  bad: "border-transparent bg-bad-wash text-bad",
  grave: "border-transparent bg-grave-wash text-grave",
};

/** A state in one or two words; the icon says it too, so that colour is never alone. */
export function Badge({ tone = "neutral", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-xs font-medium whitespace-nowrap",
        look[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}

/** Something the reader must know before going on; errors stay on the page until they are solved. */
export function Callout({ tone = "neutral", title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <div
      role={tone === "bad" || tone === "grave" ? "alert" : "note"}
      className={classNames("rounded-control border px-4 py-3 text-sm", look[tone])}
    >
      {title ? <p className="font-semibold">{title}</p> : null}
      <div className="text-ink">{children}</div>
    </div>
  );
}
