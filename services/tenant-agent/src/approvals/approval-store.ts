import { ApprovalId, ApprovalState, CallOrigin, ToolArguments } from "@berth/contracts";
import { argumentsSha256, fail } from "@berth/platform";
import { z } from "zod";
import { approvalPlaceOf, type Ledger } from "../ledger/open-ledger.ts";
import { approvalTransitions, assertMove, type Execution, executionTransitions } from "./transitions.ts";

const ApprovalRow = z.object({
  id: ApprovalId,
  agent: z.string(),
  session_key: z.string(),
  tool: z.string(),
  origin: CallOrigin,
  arguments_sealed: z.string(),
  arguments_sha256: z.string(),
  state: ApprovalState,
  execution: z.enum(["none", "queued", "executing", "succeeded", "failed"]),
  created_at: z.int(),
  expires_at: z.int(),
  grant_expires_at: z.int().nullable(),
  note: z.string().nullable(),
});

/** A parked call. Its exact arguments are not in here; `argumentsOf` opens them. Times are epoch milliseconds. */
export interface ParkedCall {
  id: ApprovalId;
  agent: string;
  sessionKey: string;
  tool: string;
  origin: CallOrigin;
  argumentsSha256: string;
  state: ApprovalState;
  execution: Execution;
  createdAt: number;
  expiresAt: number;
  grantExpiresAt: number | null;
  note: string | null;
}

const callOf = (row: z.infer<typeof ApprovalRow>): ParkedCall => ({
  id: row.id,
  agent: row.agent,
  sessionKey: row.session_key,
  tool: row.tool,
  origin: row.origin,
  argumentsSha256: row.arguments_sha256,
  state: row.state,
  execution: row.execution,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  grantExpiresAt: row.grant_expires_at,
  note: row.note,
});

export function createApprovalStore({ db, clock, ...ledger }: Ledger) {
  const list = (where: string, ...values: (string | number)[]): ParkedCall[] =>
    z
      .array(ApprovalRow)
      .parse(db.prepare(`SELECT * FROM approvals WHERE ${where} ORDER BY created_at, id`).all(...values))
      .map(callOf);
  const find = (id: string): ParkedCall | null => list("id = ?", id)[0] ?? null;
  /** What will not run any more keeps its hash only: an agent that asks again and again must not fill the disk. */
  const forgetArguments = (id: string) => db.prepare("UPDATE approvals SET arguments_sealed = '' WHERE id = ?").run(id);
  const get = (id: string): ParkedCall => find(id) ?? fail("not_found", "There is no such approval.");

  return {
    find,
    get,
    insert(
      call: Omit<ParkedCall, "state" | "execution" | "grantExpiresAt" | "note" | "createdAt">,
      args: unknown,
    ): void {
      db.prepare("INSERT INTO approvals VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 'none', ?, ?, NULL, NULL)").run(
        call.id,
        call.agent,
        call.sessionKey,
        call.tool,
        call.origin,
        ledger.seal(JSON.stringify(args), approvalPlaceOf(call.id)),
        call.argumentsSha256,
        clock.now(),
        call.expiresAt,
      );
    },
    /** The arguments as they were parked. Throws `internal` if they are not the ones the hash was made of. */
    argumentsOf(id: string): ToolArguments {
      const row = ApprovalRow.parse(db.prepare("SELECT * FROM approvals WHERE id = ?").get(id));
      const args = ToolArguments.parse(JSON.parse(ledger.unseal(row.arguments_sealed, approvalPlaceOf(id))));
      if (argumentsSha256(args) !== row.arguments_sha256) fail("internal", "The stored arguments do not match.");
      return args;
    },
    openInSession: (sessionKey: string) => list("state = 'pending' AND session_key = ?", sessionKey),
    countOpen: (): number => list("state = 'pending'").length,
    overdue: () => list("state = 'pending' AND expires_at <= ?", clock.now()),
    withExecution: (execution: Execution) => list("execution = ?", execution),
    close(id: string, to: ApprovalState, note: string | null = null): void {
      assertMove(approvalTransitions, get(id).state, to);
      db.prepare("UPDATE approvals SET state = ?, note = ? WHERE id = ?").run(to, note, id);
      if (to !== "approved") forgetArguments(id);
    },
    queue(id: string, grantExpiresAt: number): void {
      assertMove(executionTransitions, get(id).execution, "queued");
      db.prepare("UPDATE approvals SET execution = 'queued', grant_expires_at = ? WHERE id = ?").run(
        grantExpiresAt,
        id,
      );
    },
    moveExecution(id: string, to: Execution): void {
      assertMove(executionTransitions, get(id).execution, to);
      db.prepare("UPDATE approvals SET execution = ? WHERE id = ?").run(to, id);
      if (to !== "executing") forgetArguments(id);
    },
    /** False if this nonce was seen before. */
    useNonce: (nonce: string): boolean =>
      db.prepare("INSERT OR IGNORE INTO used_nonces VALUES (?, ?)").run(nonce, clock.now()).changes === 1,
  };
}
export type ApprovalStore = ReturnType<typeof createApprovalStore>;
