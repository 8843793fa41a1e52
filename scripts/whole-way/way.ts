import type { OrderId } from "@berth/contracts";
import type { StackOptions } from "../stack/stack-options.ts";
import type { Stack } from "../stack/start-stack.ts";
import type { StepLog } from "./step-log.ts";
import type { Visitor } from "./visitor.ts";

/** A question of the walk that a test may disturb. */
export type Question = "type the secret" | "write" | "red act" | "second red act";

/** A point of the way at which a test may kill something. `asked` comes while the answer is being made. */
export type Moment =
  | { at: "paid" | "active"; browser: Visitor; orderId: OrderId }
  | { at: "asking" | "asked"; what: Question }
  | { at: "parked" | "approved" | "executed" | "settling" };

export type Interlude = (moment: Moment) => Promise<void>;

/** What every part of the walk has at hand. */
export interface Way {
  stack: Stack;
  options: StackOptions;
  log: StepLog;
  say: (line: string) => void;
  interlude: Interlude;
}
