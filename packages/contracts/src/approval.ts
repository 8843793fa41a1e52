import { z } from "zod";
import { ActClass } from "./policy.ts";
import { AgentName, ApprovalId, Sha256Hex, TenantId, Timestamp, ToolArguments } from "./primitives.ts";

/** `pending`, then exactly one of the five outcomes. */
export const ApprovalState = z.enum(["pending", "approved", "denied", "expired", "cancelled", "superseded"]);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** What became of an approved call on the VPS; null while it has not run. */
export const ExecutionState = z.enum(["succeeded", "failed"]);
export type ExecutionState = z.infer<typeof ExecutionState>;

/** A gated call as the VPS reports it. `argumentsRedacted` holds names of secrets, never values. */
export const ApprovalRequest = z.object({
  id: ApprovalId,
  agent: AgentName,
  sessionKey: z.string().max(200),
  tool: z.string().max(100),
  argumentsRedacted: ToolArguments,
  /** SHA-256 over the RFC 8785 form of the exact arguments, references unresolved. */
  argumentsSha256: Sha256Hex,
  actClass: ActClass,
  rules: z.array(z.string()),
  reason: z.string().max(2000),
  blastRadius: z.string().max(2000),
  reversible: z.boolean(),
  secretNames: z.array(z.string()),
  createdAt: Timestamp,
  expiresAt: Timestamp,
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** An approval as portal and admin see it; the arguments are gone once it is decided. */
export const Approval = ApprovalRequest.extend({
  tenantId: TenantId,
  argumentsRedacted: ToolArguments.nullable(),
  state: ApprovalState,
  decidedAt: Timestamp.nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
  execution: ExecutionState.nullable(),
  executedAt: Timestamp.nullable(),
});
export type Approval = z.infer<typeof Approval>;

export const DecideApprovalInput = z.object({
  decision: z.enum(["approved", "denied"]),
  /** Goes to the agent word for word. */
  note: z.string().trim().max(500).optional(),
});
export type DecideApprovalInput = z.infer<typeof DecideApprovalInput>;

/** A signed word of the Hub on one request; travels as a JWS of type `berth-decision+jws`. */
export const ApprovalDecision = z.object({
  tenantId: TenantId,
  approvalId: ApprovalId,
  argumentsSha256: Sha256Hex,
  outcome: z.enum(["approved", "denied", "expired", "cancelled"]),
  nonce: z.string().min(16),
  decidedAt: Timestamp,
  /** A grant that arrives after this moment is void. */
  expiresAt: Timestamp,
  decidedBy: z.string(),
  note: z.string().nullable(),
});
export type ApprovalDecision = z.infer<typeof ApprovalDecision>;
