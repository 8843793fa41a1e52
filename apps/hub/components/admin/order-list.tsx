"use client";

import type { Order } from "@berth/contracts";
import type { Column } from "@berth/ui";
import Link from "next/link";
import { agoWords, momentWords } from "../frame/times.ts";
import { useNow } from "../frame/use-now.ts";
import { readAllOrders } from "../hub-api/admin-calls.ts";
import { OrderBadge } from "../order/order-badge.tsx";
import { AdminList } from "./admin-list.tsx";

const pollMs = 5000;

/** What an order waits for: why it failed, or what its last step says. */
const reasonOf = (order: Order): string => order.failureReason ?? order.steps.at(-1)?.reason ?? "";

export function OrderList() {
  const now = useNow(5000);
  const columns: Column<Order>[] = [
    {
      title: "Order",
      cell: (order) => (
        <Link
          href={`/admin/orders/${order.id}`}
          className="font-mono text-xs whitespace-nowrap text-accent underline underline-offset-4"
        >
          {order.id.slice(0, 4)}…{order.id.slice(-6)}
        </Link>
      ),
    },
    { title: "Plan", cell: (order) => order.planId },
    { title: "State", cell: (order) => <OrderBadge state={order.state} /> },
    { title: "In this state for", cell: (order) => agoWords(order.updatedAt, now).replace(/ ago$/, "") },
    { title: "Reason", cell: (order) => <span className="block min-w-48">{reasonOf(order)}</span> },
    { title: "Ordered", cell: (order) => <span className="whitespace-nowrap">{momentWords(order.createdAt)}</span> },
  ];
  return (
    <AdminList
      title="Orders"
      lead="Every order on its way from payment to a working agent, and what holds it up."
      empty="There are no orders yet. They appear here as soon as somebody chooses a plan."
      read={readAllOrders}
      everyMs={pollMs}
      columns={columns}
      keyOf={(order) => order.id}
    />
  );
}
