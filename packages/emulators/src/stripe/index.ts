export { createStripeControls, type StripeControls } from "./controls.ts";
export { type StripeEmulator, type StripeEmulatorOptions, startStripeEmulator } from "./start-stripe-emulator.ts";
export type { Delivery } from "./webhooks.ts";
