import { redirect } from "next/navigation";
import { CheckoutStart } from "../../components/checkout-start.tsx";
import { FormFrame } from "../../components/form-frame.tsx";
import { planOf } from "../../components/plan-param.ts";

export const metadata = { title: "Payment" };

export default async function CheckoutPage({ searchParams }: { searchParams: Promise<{ plan?: string }> }) {
  const plan = planOf((await searchParams).plan);
  if (!plan) redirect("/#plans");
  return (
    <FormFrame title="Payment" lead="You pay on Stripe's page; we never see your card.">
      <CheckoutStart plan={plan} />
    </FormFrame>
  );
}
