import type { Tenant } from "@berth/contracts";
import { loadDevSecrets } from "../stack/dev-secrets.ts";
import type { CustomerConsole } from "./customer-console.ts";
import { tokensAtProvider, tokensAtStripe, untilReported } from "./usage.ts";
import type { Visitor } from "./visitor.ts";
import type { Way } from "./way.ts";

/** Tokens by who counted them. */
export interface Bill {
  provider: number;
  hub: number;
  stripe: number;
  /** Calls that were cut before the provider's numbers came, and what the proxy booked for them: a guess. */
  cut: { calls: number; tokens: number };
  meterTokensDelta: number;
}

/** Waits until every token of the server's ledger is at the Hub and at Stripe, and compares with what the provider says. */
export async function settle(way: Way, console: CustomerConsole, portal: Visitor, tenant: Tenant): Promise<Bill> {
  const { stack, options, log, interlude } = way;
  await interlude({ at: "settling" });
  const usage = await log.run("hourly totals reach the Hub and the meter", () =>
    untilReported(stack.addresses, portal, tenant.id, () => console.ledger()),
  );
  const { cutCalls, cutTokens } = await console.ledger();
  const stripe = await tokensAtStripe(stack, loadDevSecrets(options.dataDir).stripeSecretKey);
  const provider = await tokensAtProvider(stack.addresses);
  const hub = usage.totalTokens;
  way.say(`  tokens: provider ${provider}, Hub ${hub}, Stripe ${stripe}; cut calls ${cutCalls} (${cutTokens})`);
  const billed = Math.abs(hub - stripe);
  // Of a call that was cut only the provider knows the number; without one, all three must agree.
  const counted = cutCalls === 0 ? Math.abs(provider - hub) : 0;
  return {
    provider,
    hub,
    stripe,
    cut: { calls: cutCalls, tokens: cutTokens },
    meterTokensDelta: Math.max(billed, counted),
  };
}
