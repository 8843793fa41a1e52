import { OrderId } from "@berth/contracts";
import { notFound } from "next/navigation";
import { OrderDetail } from "../../../../components/order/order-detail.tsx";
import { processApi } from "../../../../src/api/process-api.ts";

export const metadata = { title: "Order" };

export default async function OrderPage({ params }: { params: Promise<{ orderId: string }> }) {
  const orderId = OrderId.safeParse((await params).orderId);
  if (!orderId.success) notFound();
  return (
    <main id="main" className="mx-auto w-full max-w-3xl flex-1 px-4 py-6 sm:px-6 sm:py-8">
      <OrderDetail orderId={orderId.data} websiteUrl={processApi().websiteUrl} />
    </main>
  );
}
