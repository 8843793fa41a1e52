export const portalSession = (input: {
  id: string;
  created: number;
  customer: string;
  configuration: string;
  return_url: string | null;
  locale: string | null;
  url: string;
}) => ({
  ...input,
  object: "billing_portal.session" as const,
  customer_account: null,
  flow: null,
  livemode: false,
  on_behalf_of: null,
});
export type PortalSession = ReturnType<typeof portalSession>;
