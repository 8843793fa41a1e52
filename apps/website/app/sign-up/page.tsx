import { redirect } from "next/navigation";
import { FormFrame } from "../../components/form-frame.tsx";
import { planOf } from "../../components/plan-param.ts";
import { readPlans } from "../../components/plans.ts";
import { SignUpForm } from "../../components/sign-up-form.tsx";

export const metadata = { title: "Create an account" };

export default async function SignUpPage({ searchParams }: { searchParams: Promise<{ plan?: string }> }) {
  const plan = planOf((await searchParams).plan);
  if (!plan) redirect("/#plans");
  const name = (await readPlans())?.find((candidate) => candidate.id === plan)?.name;
  return (
    <FormFrame
      title="Create your account"
      lead={name ? `Plan ${name}. You pay in the next step.` : "You pay in the next step."}
    >
      <SignUpForm plan={plan} />
    </FormFrame>
  );
}
