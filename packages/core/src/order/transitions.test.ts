import { OrderState } from "@berth/contracts";
import { expect, test } from "vitest";
import { steps, workingStates } from "./steps/index.ts";
import { isAllowed, transitions } from "./transitions.ts";

const states = OrderState.options;

test("an active order can't be provisioned again, and a cancelled one is over", () => {
  expect(states.filter((to) => isAllowed("ACTIVE", to))).toEqual(["SUSPENDED", "CANCELLING"]);
  expect(states.filter((to) => isAllowed("CANCELLED", to))).toEqual([]);
});

test("nothing but a payment leads out of PENDING_PAYMENT, and nothing leads back", () => {
  expect(transitions.PENDING_PAYMENT).toEqual(["PAYMENT_CONFIRMED", "CANCELLED"]);
  expect(states.filter((from) => isAllowed(from, "PENDING_PAYMENT"))).toEqual([]);
});

test("no state leads to itself", () => {
  expect(states.filter((state) => isAllowed(state, state))).toEqual([]);
});

test("only REGISTERED and SUSPENDED lead to ACTIVE", () => {
  expect(states.filter((from) => isAllowed(from, "ACTIVE"))).toEqual(["REGISTERED", "SUSPENDED"]);
});

test("every step goes where the table allows, and its state may fail and be taken up again", () => {
  for (const state of workingStates) {
    expect(isAllowed(state, steps[state]!.next)).toBe(true);
    expect(isAllowed(state, "FAILED")).toBe(true);
    expect(isAllowed("FAILED", state)).toBe(true);
  }
});
