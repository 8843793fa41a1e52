import type { ApprovalState } from "@berth/contracts";
import { fail } from "@berth/platform";

/** From `pending` to exactly one of five outcomes, and never on from there. */
export const approvalTransitions: Record<ApprovalState, readonly ApprovalState[]> = {
  pending: ["approved", "denied", "expired", "cancelled", "superseded"],
  approved: [],
  denied: [],
  expired: [],
  cancelled: [],
  superseded: [],
};

/** Of an approved call on this machine. There is no way back to `queued`: what started is never started again. */
export type Execution = "none" | "queued" | "executing" | "succeeded" | "failed";
export const executionTransitions: Record<Execution, readonly Execution[]> = {
  none: ["queued"],
  queued: ["executing", "failed"],
  executing: ["succeeded", "failed"],
  succeeded: [],
  failed: [],
};

/** Throws `conflict` for a move that the table does not have. */
export function assertMove<S extends string>(table: Record<S, readonly S[]>, from: S, to: S): void {
  if (!table[from].includes(to)) fail("conflict", `An approval cannot go from ${from} to ${to}.`);
}
