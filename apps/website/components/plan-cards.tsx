import type { Plan } from "@berth/contracts";
import { ButtonLink, Callout } from "@berth/ui";
import { Check } from "lucide-react";
import { millions, priceOf } from "./plans.ts";

function PlanCard({ plan, featured }: { plan: Plan; featured: boolean }) {
  return (
    <article
      className={`flex flex-col rounded-card border bg-surface p-6 shadow-card sm:p-8 ${featured ? "border-accent" : "border-line"}`}
    >
      <h3 className="text-xl font-semibold">{plan.name}</h3>
      <p className="mt-1 text-sm text-soft">{plan.tagline}</p>
      <p className="mt-6 flex items-baseline gap-2">
        <span className="text-4xl font-semibold tracking-tight">{priceOf(plan)}</span>
        <span className="text-sm text-faint">a month</span>
      </p>
      <p className="mt-1 text-sm text-faint">
        {millions(plan.includedTokens)} tokens included, then {(plan.overagePerMillionMinor / 100).toFixed(2)} € a
        million
      </p>
      <ul className="mt-6 grid flex-1 content-start gap-2.5 text-sm">
        {[
          `${plan.server.cores} cores, ${plan.server.memoryMb / 1024} GB memory, ${plan.server.diskGb} GB disk`,
          ...plan.features,
        ].map((feature) => (
          <li key={feature} className="flex gap-2.5">
            <Check className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden="true" />
            {feature}
          </li>
        ))}
      </ul>
      <ButtonLink href={`/sign-up?plan=${plan.id}`} kind={featured ? "primary" : "quiet"} className="mt-8">
        Choose {plan.name}
      </ButtonLink>
    </article>
  );
}

export function PlanCards({ plans }: { plans: Plan[] | null }) {
  if (!plans) {
    return (
      <Callout tone="warn" title="The plans cannot be shown right now.">
        Our Hub does not answer. Reload the page in a minute.
      </Callout>
    );
  }
  return (
    <div className="grid gap-6 md:grid-cols-2">
      {plans.map((plan, index) => (
        <PlanCard key={plan.id} plan={plan} featured={index === 0} />
      ))}
    </div>
  );
}
