import { OrderId } from "@berth/contracts";
import { notFound } from "next/navigation";
import { ScrollPage } from "../../../../components/frame/scroll-page.tsx";
import { OrderDetail } from "../../../../components/order/order-detail.tsx";
import { processApi } from "../../../../src/api/process-api.ts";

export const metadata = { title: "Order" };

export default async function OrderPage({ params }: { params: Promise<{ orderId: string }> }) {
  const orderId = OrderId.safeParse((await params).orderId);
  if (!orderId.success) notFound();
  return (
    <ScrollPage narrow>
      <OrderDetail orderId={orderId.data} websiteUrl={processApi().websiteUrl} />
    </ScrollPage>
  );
}
