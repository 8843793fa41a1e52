import { OrderId } from "@berth/contracts";
import { redirect } from "next/navigation";
import { FormFrame } from "../../components/form-frame.tsx";
import { OrderProgress } from "../../components/order-progress.tsx";

export const metadata = { title: "Setting up your agent" };

export default async function WelcomePage({ searchParams }: { searchParams: Promise<{ order?: string }> }) {
  const order = OrderId.safeParse((await searchParams).order);
  if (!order.success) redirect("/#plans");
  return (
    <FormFrame
      title="Setting up your agent"
      lead="A server of its own is being made ready. This takes a minute or two."
    >
      <OrderProgress orderId={order.data} />
    </FormFrame>
  );
}
