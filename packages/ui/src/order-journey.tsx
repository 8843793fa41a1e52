import type { Order } from "@berth/contracts";
import { Check, Circle, LoaderCircle, TriangleAlert } from "lucide-react";
import { orderStages, type StageState } from "./order-stages.ts";

const icons: Record<StageState, typeof Check> = {
  done: Check,
  now: LoaderCircle,
  later: Circle,
  failed: TriangleAlert,
};
const look: Record<StageState, string> = {
  done: "text-good",
  now: "animate-spin text-accent",
  later: "text-line-strong",
  failed: "text-bad",
};
const words: Record<StageState, string> = { done: "done", now: "in progress", later: "to come", failed: "failed" };

/** The way from payment to a working agent, as a list that says where the order is. */
export function OrderJourney({ order }: { order: Order }) {
  return (
    <ol className="divide-y divide-line" aria-live="polite">
      {orderStages(order).map(({ title, state }) => {
        const Icon = icons[state];
        return (
          <li key={title} className="flex items-center gap-3 py-2">
            <Icon className={`size-5 shrink-0 ${look[state]}`} aria-hidden="true" />
            <span className={state === "later" ? "text-faint" : "text-ink"}>{title}</span>
            <span className={state === "failed" ? "ml-auto text-sm text-bad" : "sr-only"}>{words[state]}</span>
          </li>
        );
      })}
    </ol>
  );
}
