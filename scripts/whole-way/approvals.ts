import { Approval } from "@berth/contracts";
import { untilTrue } from "@berth/platform";
import { z } from "zod";
import type { Addresses } from "../stack/start-stack.ts";
import type { Visitor } from "./visitor.ts";

const ApprovalList = z.object({ items: z.array(Approval) });

export async function listApprovals(addresses: Addresses, browser: Visitor, tenantId: string): Promise<Approval[]> {
  const url = `${addresses.hub}/api/portal/v1/tenants/${tenantId}/approvals?limit=100`;
  return (await browser.json(ApprovalList, url)).items;
}

/** Waits until the portal shows an open request for this tool that is not one of `known`. */
export function untilAsked(
  addresses: Addresses,
  browser: Visitor,
  tenantId: string,
  known: Set<string>,
): Promise<Approval> {
  return untilTrue(
    async () => {
      const items = await listApprovals(addresses, browser, tenantId).catch(() => []);
      return items.find((item) => item.state === "pending" && !known.has(item.id));
    },
    { timeoutMs: 60_000, intervalMs: 200, what: "A new approval request in the portal" },
  );
}

export const decide = (
  addresses: Addresses,
  browser: Visitor,
  approvalId: string,
  decision: "approved" | "denied",
  note?: string,
): Promise<Approval> =>
  browser.json(Approval, `${addresses.hub}/api/portal/v1/approvals/${approvalId}/decision`, {
    method: "POST",
    json: { decision, ...(note ? { note } : {}) },
  });

/** Waits until the Hub knows that the approved call ran. */
export function untilExecuted(addresses: Addresses, browser: Visitor, approvalId: string): Promise<Approval> {
  return untilTrue(
    async () => {
      const url = `${addresses.hub}/api/portal/v1/approvals/${approvalId}`;
      const approval = await browser.json(Approval, url).catch(() => null);
      return approval?.execution ? approval : null;
    },
    { timeoutMs: 60_000, intervalMs: 200, what: "The execution of the approved call" },
  );
}
