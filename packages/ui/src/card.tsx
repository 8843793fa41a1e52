import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <section className={classNames("rounded-card border border-line bg-surface p-5 shadow-card sm:p-6", className)}>
      {children}
    </section>
  );
}

/** Head of a page: what it is, one sentence, and what can be done. */
export function PageHead({ title, lead, actions }: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-4">
      <div className="max-w-2xl">
        <h1 className="text-2xl font-semibold sm:text-3xl">{title}</h1>
        {lead ? <p className="mt-1 text-soft">{lead}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </header>
  );
}

/** A list with nothing in it: one sentence and one thing to do. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-4 rounded-card border border-dashed border-line-strong px-6 py-12 text-center text-soft">
      <p className="max-w-md">{children}</p>
      {action}
    </div>
  );
}
