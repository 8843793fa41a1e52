import type { FoundSecretId, ReportFoundSecretOutcomeInput } from "@berth/contracts";
import { type FoundSecret, inTransaction, type Tx } from "@berth/db";
import { fail } from "@berth/platform";
import { storable } from "../approval/storable.ts";
import { type CtxWith, requireActor } from "../context.ts";
import { lockFoundSecret } from "./lock-found-secret.ts";
import { moveFoundSecret } from "./move-found-secret.ts";

type Settled = Exclude<ReportFoundSecretOutcomeInput, { kind: "keep_refused" }>;
type Refused = Extract<ReportFoundSecretOutcomeInput, { kind: "keep_refused" }>;

/**
 * What became of a found value on the server, which alone knows. The same report again changes nothing.
 * Throws `not_found` for another tenant's, `conflict` if it contradicts what the server said before.
 */
export async function recordFoundOutcome({
  ctx,
  input,
}: {
  ctx: CtxWith;
  input: { foundId: FoundSecretId; outcome: ReportFoundSecretOutcomeInput };
}): Promise<void> {
  const { tenantId } = requireActor(ctx, "tenantAgent");
  const { outcome } = input;
  await inTransaction(ctx.db, async (tx) => {
    const row = await lockFoundSecret(tx, { id: input.foundId, tenantId });
    if (outcome.kind === "keep_refused") await keepProblem(tx, ctx, row, outcome);
    else await settle(tx, ctx, row, outcome);
  });
}

async function settle(tx: Tx, ctx: CtxWith, row: FoundSecret, outcome: Settled): Promise<void> {
  const name = outcome.kind === "kept" ? outcome.name : null;
  if (row.state === outcome.kind) {
    if (row.name !== name) fail("conflict", `It was already reported as kept under the name "${row.name}".`);
    return;
  }
  // The Hub's own clock may have been late: what the server settled before is not expired.
  if (outcome.kind === "expired" && (row.state === "kept" || row.state === "dismissed")) return;
  const settledAt = new Date(outcome.at);
  await moveFoundSecret(tx, ctx, row, {
    to: outcome.kind,
    action: outcome.kind,
    data: { name, settledAt, problem: null, ...(row.decidedBy === null ? decidedThere(outcome, settledAt) : {}) },
  });
}

/** Nobody asked for it here: somebody did it at the server's own console. */
const decidedThere = (outcome: Settled, decidedAt: Date) =>
  outcome.kind === "expired" ? {} : { decidedBy: "server", decidedAt };

/** It waits again, and the person reads why. A refusal of a wish that is over changes nothing. */
async function keepProblem(tx: Tx, ctx: CtxWith, row: FoundSecret, outcome: Refused): Promise<void> {
  if (row.state !== "keeping" || row.name !== outcome.name) return;
  await moveFoundSecret(tx, ctx, row, {
    to: "waiting",
    action: "keep_refused",
    data: { problem: storable(outcome.reason), name: null, decidedBy: null, decidedAt: null },
  });
}
