import type { Order, OrderState, OrderStep } from "@berth/contracts";
import { expect, test } from "vitest";
import { orderStages } from "./order-stages.ts";

const at = "2026-01-01T00:00:00Z";
const order = (state: OrderState, steps: OrderStep[] = []): Order => ({
  id: `ord_${"0".repeat(32)}`,
  planId: "starter",
  state,
  failureReason: null,
  tenantId: null,
  createdAt: at,
  updatedAt: at,
  steps,
});
const states = (of: Order): string[] => orderStages(of).map((stage) => stage.state);

test("an unpaid order waits for its payment and has nothing behind it", () => {
  expect(states(order("PENDING_PAYMENT"))).toEqual(["now", "later", "later", "later", "later", "later"]);
});

test("an active order has every stage behind it", () => {
  expect(new Set(states(order("ACTIVE")))).toEqual(new Set(["done"]));
});

test("a failed order shows the stage that failed, not the one after its last success", () => {
  const failed: OrderStep = {
    state: "PROVISIONING",
    attempt: 1,
    status: "failed",
    reason: "The server did not answer.",
    startedAt: at,
    finishedAt: at,
  };
  expect(states(order("FAILED", [failed]))).toEqual(["done", "done", "done", "done", "failed", "later"]);
});
