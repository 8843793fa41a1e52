import { classNames } from "@berth/ui";
import type { ReactNode } from "react";

/** A page of the portal: it scrolls, and what stands above it stays in sight. */
export function ScrollPage({ narrow = false, children }: { narrow?: boolean; children: ReactNode }) {
  return (
    <main id="main" className="min-h-0 flex-1 overflow-y-auto">
      <div className={classNames("mx-auto w-full px-4 py-6 sm:px-6 sm:py-8", narrow ? "max-w-3xl" : "max-w-6xl")}>
        {children}
      </div>
    </main>
  );
}
