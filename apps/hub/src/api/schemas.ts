import * as contracts from "@berth/contracts";
import { z } from "@hono/zod-openapi";

/** Taught to zod by `@hono/zod-openapi`. */
const withName = (z.ZodType as unknown as { prototype: { openapi(this: z.ZodType, name: string): z.ZodType } })
  .prototype;

/**
 * The same schema with a name. The method is borrowed, because a schema that was made before zod learned it, or by the copy
 * of zod that a bundler gave to another package, does not have it.
 */
const named = <T extends z.ZodType>(name: string, schema: T): T => withName.openapi.call(schema, name) as T;

/** Contracts under the names that the OpenAPI document, and so the generated client, gives them. */
export const schemas = {
  Problem: named("Problem", contracts.Problem),
  Plan: named("Plan", contracts.Plan),
  Me: named("Me", contracts.Me),
  Order: named("Order", contracts.Order),
  CreateOrderInput: named("CreateOrderInput", contracts.CreateOrderInput),
  CreateOrderResult: named("CreateOrderResult", contracts.CreateOrderResult),
  Tenant: named("Tenant", contracts.Tenant),
  Approval: named("Approval", contracts.Approval),
  DecideApprovalInput: named("DecideApprovalInput", contracts.DecideApprovalInput),
  FoundSecret: named("FoundSecret", contracts.FoundSecret),
  KeepFoundSecretInput: named("KeepFoundSecretInput", contracts.KeepFoundSecretInput),
  SecretNames: named("SecretNames", contracts.SecretNames),
  UsageSummary: named("UsageSummary", contracts.UsageSummary),
  RealtimeTicket: named("RealtimeTicket", contracts.RealtimeTicket),
  AuditEntry: named("AuditEntry", contracts.AuditEntry),
  EnrolInput: named("EnrolInput", contracts.EnrolInput),
  EnrolResult: named("EnrolResult", contracts.EnrolResult),
  HeartbeatInput: named("HeartbeatInput", contracts.HeartbeatInput),
  HeartbeatResult: named("HeartbeatResult", contracts.HeartbeatResult),
  ReportUsageInput: named("ReportUsageInput", contracts.ReportUsageInput),
  ReportApprovalInput: named("ReportApprovalInput", contracts.ReportApprovalInput),
  ReportApprovalOutcomeInput: named("ReportApprovalOutcomeInput", contracts.ReportApprovalOutcomeInput),
  ReportFoundSecretInput: named("ReportFoundSecretInput", contracts.ReportFoundSecretInput),
  ReportFoundSecretOutcomeInput: named("ReportFoundSecretOutcomeInput", contracts.ReportFoundSecretOutcomeInput),
  ReportSecretNamesInput: named("ReportSecretNamesInput", contracts.ReportSecretNamesInput),
  ListCommandsResult: named("ListCommandsResult", contracts.ListCommandsResult),
  AcknowledgeCommandsInput: named("AcknowledgeCommandsInput", contracts.AcknowledgeCommandsInput),
};

export const params = {
  order: z.object({ orderId: contracts.OrderId }),
  tenant: z.object({ tenantId: contracts.TenantId }),
  approval: z.object({ approvalId: contracts.ApprovalId }),
  foundSecret: z.object({ foundId: contracts.FoundSecretId }),
};
