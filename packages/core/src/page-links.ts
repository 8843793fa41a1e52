import type { HubConfig } from "./deps.ts";

type Addresses = Pick<HubConfig, "websiteUrl" | "hubUrl">;

/** Addresses of the pages that mails and Stripe lead people to. The pages themselves are in `apps/`. */
export const pageLinks = {
  plans: ({ websiteUrl }: Addresses) => `${websiteUrl}/#plans`,
  order: ({ websiteUrl }: Addresses, orderId: string) => `${websiteUrl}/welcome?order=${orderId}`,
  chat: ({ hubUrl }: Addresses, tenantId: string) => `${hubUrl}/agents/${tenantId}`,
  approval: ({ hubUrl }: Addresses, tenantId: string, approvalId: string) =>
    `${hubUrl}/agents/${tenantId}/approvals#${approvalId}`,
};
