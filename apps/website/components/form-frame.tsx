import { Card } from "@berth/ui";
import type { ReactNode } from "react";

/** A narrow page with one thing to do. */
export function FormFrame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto max-w-md px-5 py-14">
      <Card>
        <h1 className="text-2xl font-semibold">{title}</h1>
        <p className="mt-1 mb-6 text-soft">{lead}</p>
        {children}
      </Card>
    </div>
  );
}
