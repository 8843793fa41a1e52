import { OrderId } from "@berth/contracts";
import { notFound } from "next/navigation";
import { OrderJournal } from "../../../../../components/admin/order-journal.tsx";

export const metadata = { title: "Order" };

export default async function AdminOrderPage({ params }: { params: Promise<{ orderId: string }> }) {
  const orderId = OrderId.safeParse((await params).orderId);
  if (!orderId.success) notFound();
  return <OrderJournal orderId={orderId.data} />;
}
