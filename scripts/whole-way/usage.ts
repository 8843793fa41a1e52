import { Tenant, UsageSummary } from "@berth/contracts";
import { AppError, untilTrue } from "@berth/platform";
import { z } from "zod";
import type { Addresses, Stack } from "../stack/start-stack.ts";
import type { Visitor } from "./visitor.ts";

const TenantList = z.object({ items: z.array(Tenant) });
const Meters = z.object({ data: z.array(z.object({ id: z.string(), event_name: z.string() })) });
const Summaries = z.object({ data: z.array(z.object({ aggregated_value: z.number() })) });
const Customers = z.object({ data: z.array(z.object({ id: z.string() })) });

export const readTenant = async (addresses: Addresses, browser: Visitor): Promise<Tenant> => {
  const { items } = await browser.patientJson(TenantList, `${addresses.hub}/api/portal/v1/tenants`);
  const [tenant] = items;
  if (!tenant || items.length !== 1)
    throw new AppError("conflict", `The portal shows ${items.length} agents instead of one.`);
  return tenant;
};

export const readUsage = (addresses: Addresses, browser: Visitor, tenantId: string): Promise<UsageSummary> =>
  browser.patientJson(UsageSummary, `${addresses.hub}/api/portal/v1/tenants/${tenantId}/usage`);

const Billed = z.object({ input: z.int(), output: z.int(), cacheRead: z.int(), cacheWrite: z.int() });

/** Tokens of all answers, by the emulated provider's own count. */
export async function tokensAtProvider(addresses: Addresses): Promise<number> {
  const billed = Billed.parse(await (await fetch(`${addresses.llm}/_emulator/usage`)).json());
  return billed.input + billed.output + billed.cacheRead + billed.cacheWrite;
}

/** Total of the token meter at Stripe (the emulator), over all customers and all time. */
export async function tokensAtStripe(stack: Stack, stripeKey: string): Promise<number> {
  const headers = { authorization: `Bearer ${stripeKey}` };
  const read = async <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
    schema.parse(await (await fetch(`${stack.addresses.stripe}${path}`, { headers })).json());
  const meter = (await read(Meters, "/v1/billing/meters")).data[0];
  if (!meter) return 0;
  const day = 86_400;
  const start = Math.floor(Date.now() / 1000 / day) * day - day;
  let total = 0;
  for (const customer of (await read(Customers, "/v1/customers?limit=100")).data) {
    const query = `customer=${customer.id}&start_time=${start}&end_time=${start + 3 * day}`;
    const { data } = await read(Summaries, `/v1/billing/meters/${meter.id}/event_summaries?${query}`);
    total += data.reduce((sum, summary) => sum + summary.aggregated_value, 0);
  }
  return total;
}

/**
 * Waits until no call is under way, the Hub has every token of the server's own ledger, and has reported every one of them.
 * Compared for equality: a token too many is as wrong as one that is missing.
 */
export function untilReported(
  addresses: Addresses,
  browser: Visitor,
  tenantId: string,
  readLedger: () => Promise<{ tokens: number; openCalls: number }>,
): Promise<UsageSummary> {
  return untilTrue(
    async () => {
      const ledger = await readLedger();
      const usage = await readUsage(addresses, browser, tenantId);
      const complete = ledger.openCalls === 0 && usage.totalTokens === ledger.tokens;
      return complete && usage.reportedTokens === usage.totalTokens ? usage : null;
    },
    { timeoutMs: 180_000, intervalMs: 500, what: "All tokens at the Hub, reported" },
  );
}
