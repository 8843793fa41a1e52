import { ButtonLink, Callout } from "@berth/ui";
import { FormFrame } from "../../components/form-frame.tsx";
import { planOf } from "../../components/plan-param.ts";

export const metadata = { title: "E-mail confirmed" };

export default async function VerifiedPage({
  searchParams,
}: {
  searchParams: Promise<{ plan?: string; error?: string }>;
}) {
  const { plan: asked, error } = await searchParams;
  const plan = planOf(asked);
  if (error) {
    return (
      <FormFrame title="This link no longer works" lead="It was used already, or it is too old.">
        <Callout tone="warn">Sign up again with the same address, and we send a new link.</Callout>
        <ButtonLink href={plan ? `/sign-up?plan=${plan}` : "/#plans"} className="mt-5">
          Back to sign-up
        </ButtonLink>
      </FormFrame>
    );
  }
  return (
    <FormFrame title="Your e-mail is confirmed" lead="One step is left: the payment, on Stripe's own page.">
      <ButtonLink href={plan ? `/checkout?plan=${plan}` : "/#plans"}>
        {plan ? "Go on to the payment" : "Choose a plan"}
      </ButtonLink>
    </FormFrame>
  );
}
