import { Approval } from "@berth/contracts";
import { AppError, untilTrue } from "@berth/platform";
import { z } from "zod";
import type { Addresses } from "../stack/start-stack.ts";
import type { Visitor } from "./visitor.ts";

const ApprovalList = z.object({ items: z.array(Approval) });
const patience = { timeoutMs: 120_000, intervalMs: 200 };

export async function listApprovals(addresses: Addresses, browser: Visitor, tenantId: string): Promise<Approval[]> {
  const url = `${addresses.hub}/api/portal/v1/tenants/${tenantId}/approvals?limit=100`;
  return (await browser.patientJson(ApprovalList, url)).items;
}

export const readApproval = (addresses: Addresses, browser: Visitor, approvalId: string): Promise<Approval> =>
  browser.patientJson(Approval, `${addresses.hub}/api/portal/v1/approvals/${approvalId}`);

/** Waits until the portal shows an open request that is not one of `known`. */
export function untilAsked(
  addresses: Addresses,
  browser: Visitor,
  tenantId: string,
  known: Set<string>,
): Promise<Approval> {
  return untilTrue(
    async () => {
      const items = await listApprovals(addresses, browser, tenantId);
      return items.find((item) => item.state === "pending" && !known.has(item.id));
    },
    { ...patience, what: "A new approval request in the portal" },
  );
}

/** Decides as a person does who is not sure that the first click arrived: an own word that was taken before counts as said. */
export async function decide(
  addresses: Addresses,
  browser: Visitor,
  approvalId: string,
  decision: "approved" | "denied",
  note?: string,
): Promise<Approval> {
  const url = `${addresses.hub}/api/portal/v1/approvals/${approvalId}/decision`;
  const json = { decision, ...(note ? { note } : {}) };
  try {
    return await browser.patientJson(Approval, url, { method: "POST", json });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    const known = await readApproval(addresses, browser, approvalId);
    if (known.state !== decision) throw error;
    return known;
  }
}

/** Waits until the Hub knows that the approved call ran. */
export function untilExecuted(addresses: Addresses, browser: Visitor, approvalId: string): Promise<Approval> {
  return untilTrue(
    async () => {
      const approval = await readApproval(addresses, browser, approvalId);
      return approval.execution ? approval : null;
    },
    { ...patience, what: "The execution of the approved call" },
  );
}
