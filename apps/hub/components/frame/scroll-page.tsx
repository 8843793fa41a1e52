import type { ReactNode } from "react";

/** A page below an agent's head, which stays in sight while the page scrolls. */
export function ScrollPage({ children }: { children: ReactNode }) {
  return (
    <main id="main" className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 sm:py-8">{children}</div>
    </main>
  );
}
