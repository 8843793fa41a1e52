export * from "./billing.ts";
export { lookupKeysOf } from "./catalogue.ts";
export { createStripeBilling } from "./create-stripe-billing.ts";
export type { StripeBillingOptions } from "./stripe-client.ts";
