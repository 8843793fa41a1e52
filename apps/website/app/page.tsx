import { ButtonLink } from "@berth/ui";
import { KeyRound, MessageSquareLock, Server, ShieldCheck } from "lucide-react";
import { ApprovalSample } from "../components/approval-sample.tsx";
import { PlanCards } from "../components/plan-cards.tsx";
import { readPlans } from "../components/plans.ts";

const steps = [
  {
    icon: Server,
    title: "A server of its own",
    text: "You choose a plan and pay. We set up a server that only your agent uses.",
  },
  {
    icon: MessageSquareLock,
    title: "You talk, it works",
    text: "Ask in plain words. It reads, writes, runs commands and calls services for you.",
  },
  {
    icon: ShieldCheck,
    title: "You decide what matters",
    text: "Before it deletes, spends or writes to anybody, it asks. Yes or no, from any screen.",
  },
];

function Hero() {
  return (
    <section className="mx-auto grid max-w-6xl items-center gap-12 px-5 pt-14 pb-16 lg:grid-cols-[1.1fr_1fr] lg:pt-20">
      <div>
        <h1 className="text-4xl leading-tight font-semibold sm:text-5xl">An AI agent that asks before it acts.</h1>
        <p className="mt-5 max-w-xl text-lg text-soft">
          Berth rents you an agent on a server of your own. Your secrets never leave that server, and nothing dangerous
          happens without your word.
        </p>
        <div className="mt-8 flex flex-wrap gap-3">
          <ButtonLink href="#plans">Choose a plan</ButtonLink>
          <ButtonLink href="#promises" kind="quiet">
            How the promises are kept
          </ButtonLink>
        </div>
      </div>
      <ApprovalSample />
    </section>
  );
}

function Promises() {
  return (
    <section id="promises" className="border-y border-line bg-sunken">
      <div className="mx-auto max-w-6xl px-5 py-16">
        <h2 className="text-3xl font-semibold">Two promises</h2>
        <div className="mt-8 grid gap-10 md:grid-cols-2">
          <div>
            <KeyRound className="size-6 text-accent" aria-hidden="true" />
            <h3 className="mt-3 text-lg font-semibold">No secret leaves your server</h3>
            <p className="mt-2 text-soft">
              Passwords and keys live in an encrypted vault on your server. The model only ever sees a name, such as{" "}
              <code className="rounded bg-surface px-1.5 py-0.5 font-mono text-sm">SECRET_REF(shop_key)</code>. The
              value is put in at the moment of use, and taken out of everything that comes back.
            </p>
          </div>
          <div>
            <ShieldCheck className="size-6 text-accent" aria-hidden="true" />
            <h3 className="mt-3 text-lg font-semibold">Nothing dangerous without your word</h3>
            <p className="mt-2 text-soft">
              Each act is judged on your server before it runs. What could hurt waits for you, with exactly what would
              happen. The kernel of your server sees to it that there is no way around.
            </p>
          </div>
        </div>
      </div>
    </section>
  );
}

export default async function LandingPage() {
  const plans = await readPlans();
  return (
    <>
      <Hero />
      <Promises />
      <section className="mx-auto max-w-6xl px-5 py-16">
        <h2 className="text-3xl font-semibold">From sign-up to a working agent in minutes</h2>
        <ol className="mt-8 grid gap-8 md:grid-cols-3">
          {steps.map(({ icon: Icon, title, text }) => (
            <li key={title}>
              <Icon className="size-6 text-accent" aria-hidden="true" />
              <h3 className="mt-3 font-semibold">{title}</h3>
              <p className="mt-1 text-soft">{text}</p>
            </li>
          ))}
        </ol>
      </section>
      <section id="plans" className="mx-auto max-w-4xl scroll-mt-6 px-5">
        <h2 className="mb-8 text-center text-3xl font-semibold">Plans</h2>
        <PlanCards plans={plans} />
      </section>
    </>
  );
}
