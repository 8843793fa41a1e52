import type { ProxyUsage, ReportUsageInput } from "@berth/contracts";
import { argumentsSha256, isoOf } from "@berth/platform";
import { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { HubClient } from "./hub-client.ts";
import type { ProxyControl } from "./proxy-control.ts";

const sentSetting = "usage-sent";
const Sent = z.object({ hour: z.string(), sha256: z.string() });
const hourMs = 3_600_000;
const bucketsPerRequest = 1000;

const hourBefore = (hour: string): string => isoOf(new Date(hour).getTime() - hourMs);

export interface ReportUsageDeps {
  hub: HubClient;
  proxy: ProxyControl;
  ledger: Ledger;
  deps: Pick<AgentDeps, "clock">;
}

/**
 * Sends the hourly totals since one hour before the last that arrived (a late answer can still add to it). Totals, so a
 * repeated send changes nothing; nothing new, nothing sent.
 */
export async function reportUsage({ hub, proxy, ledger, deps }: ReportUsageDeps): Promise<ProxyUsage> {
  const stored = ledger.readSetting(sentSetting);
  const sent = stored === null ? null : Sent.parse(JSON.parse(stored));
  const usage = await proxy.usage(sent ? hourBefore(sent.hour) : isoOf(0));
  const sha256 = argumentsSha256(usage.buckets);
  if (usage.buckets.length === 0 || sha256 === sent?.sha256) return usage;
  for (let from = 0; from < usage.buckets.length; from += bucketsPerRequest) {
    const body: ReportUsageInput = { buckets: usage.buckets.slice(from, from + bucketsPerRequest) };
    await hub.call("PUT", "/usage", z.unknown(), body);
  }
  const hour =
    usage.buckets
      .map((bucket) => bucket.hour)
      .sort()
      .at(-1) ?? isoOf(deps.clock.now());
  ledger.writeSetting(sentSetting, JSON.stringify({ hour, sha256 } satisfies z.infer<typeof Sent>));
  return usage;
}
