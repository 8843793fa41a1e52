"use client";

import { answerOf, type HubProblem, hubProblemOf } from "@berth/api-client";
import { Order } from "@berth/contracts";
import { useEffect, useState } from "react";
import { useHub } from "./hub-url-provider.tsx";

const pollMs = 1500;
const retryMs = 4500;
const settled = new Set<Order["state"]>(["ACTIVE", "CANCELLED"]);

/**
 * Follows an order until it is settled. While it is unpaid the Hub is asked to look at Stripe itself, so that nobody is
 * asked to pay twice because a webhook is late.
 */
export function useOrder(orderId: string): { order: Order | null; problem: HubProblem | null } {
  const hub = useHub();
  const [order, setOrder] = useState<Order | null>(null);
  const [problem, setProblem] = useState<HubProblem | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const params = { params: { path: { orderId } } };
    const look = async (sync: boolean): Promise<void> => {
      try {
        const call = sync
          ? hub.POST("/api/public/v1/orders/{orderId}/sync", params)
          : hub.GET("/api/public/v1/orders/{orderId}", params);
        const found = await answerOf(Order, call);
        if (ended) return;
        setOrder(found);
        setProblem(null);
        if (!settled.has(found.state)) later(found.state === "PENDING_PAYMENT", pollMs);
      } catch (thrown) {
        if (ended) return;
        setProblem(hubProblemOf(thrown));
        later(sync, retryMs);
      }
    };
    const later = (sync: boolean, inMs: number): void => {
      timer = setTimeout(() => void look(sync), inMs);
    };
    void look(true);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [hub, orderId]);
  return { order, problem };
}
