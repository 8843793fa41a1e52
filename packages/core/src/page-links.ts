import type { HubConfig } from "./deps.ts";

type Addresses = Pick<HubConfig, "websiteUrl" | "hubUrl">;

/** Addresses of the pages that mails and Stripe lead people to. The pages themselves are in `apps/`. */
export const pageLinks = {
  plans: ({ websiteUrl }: Addresses) => `${websiteUrl}/#plans`,
  order: ({ websiteUrl }: Addresses, orderId: string) => `${websiteUrl}/welcome?order=${orderId}`,
  chat: ({ hubUrl }: Addresses, tenantId: string) => `${hubUrl}/tenants/${tenantId}`,
  approval: ({ hubUrl }: Addresses, approvalId: string) => `${hubUrl}/approvals/${approvalId}`,
};
