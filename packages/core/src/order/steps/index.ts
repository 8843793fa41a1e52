import type { OrderState } from "@berth/contracts";
import { dnsPending } from "./dns-pending.ts";
import { dnsReady } from "./dns-ready.ts";
import { paymentConfirmed } from "./payment-confirmed.ts";
import { provisioning } from "./provisioning.ts";
import { registered } from "./registered.ts";
import { serverReady } from "./server-ready.ts";
import { serverRequested } from "./server-requested.ts";
import type { Step } from "./step.ts";

/** What the worker does in each state. An order in a state without a step waits for somebody else's word. */
export const steps: Partial<Record<OrderState, Step>> = {
  PAYMENT_CONFIRMED: paymentConfirmed,
  SERVER_REQUESTED: serverRequested,
  SERVER_READY: serverReady,
  DNS_PENDING: dnsPending,
  DNS_READY: dnsReady,
  PROVISIONING: provisioning,
  REGISTERED: registered,
};

/** States in which there is work to do. */
export const workingStates = Object.keys(steps) as OrderState[]; // keys of the table above
