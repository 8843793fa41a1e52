export { applyStripeEvent } from "./apply-stripe-event.ts";
export { receiveStripeEvent } from "./receive-stripe-event.ts";
