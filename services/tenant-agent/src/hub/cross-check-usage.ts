import type { ProxyUsage, WrapperCheckIn } from "@berth/contracts";
import { type Clock, isoOf, type Logger } from "@berth/platform";
import { z } from "zod";
import type { Ledger } from "../ledger/open-ledger.ts";

const setting = "gateway-usage";
const Counted = z.object({ month: z.string(), tokens: z.int().nonnegative() });

/** A check-in whose answer was lost is sent again, and a turn at the turn of the month may fall on either side. */
const allowedShare = 0.02;
const allowedTokens = 50_000;

/** The gateway's own count of tokens, kept beside the proxy's, which is the one that is billed. */
export interface UsageCrossCheck {
  /** Adds what the wrapper counted since its last check-in. */
  add(usage: WrapperCheckIn["usage"]): void;
  /**
   * Compares this month's totals. The proxy counts more where a call was broken off; a gateway that counts clearly more
   * than the proxy has reached a model on another way, which is said in the log. Answers false then.
   */
  compare(usage: Pick<ProxyUsage, "tokensThisMonth">): boolean;
}

export function createUsageCrossCheck(
  ledger: Pick<Ledger, "readSetting" | "writeSetting">,
  { clock, log }: { clock: Clock; log: Pick<Logger, "error"> },
): UsageCrossCheck {
  const monthNow = (): string => isoOf(clock.now()).slice(0, 7);
  const read = (): number => {
    const stored = ledger.readSetting(setting);
    const counted = stored === null ? null : Counted.parse(JSON.parse(stored));
    return counted?.month === monthNow() ? counted.tokens : 0;
  };
  return {
    add(usage) {
      const tokens = usage.reduce((sum, bucket) => sum + bucket.tokens, 0);
      if (tokens === 0) return;
      ledger.writeSetting(setting, JSON.stringify({ month: monthNow(), tokens: read() + tokens }));
    },
    compare({ tokensThisMonth }) {
      const gatewayTokens = read();
      const agrees = gatewayTokens <= tokensThisMonth * (1 + allowedShare) + allowedTokens;
      if (!agrees)
        log.error({ gatewayTokens, proxyTokens: tokensThisMonth }, "the gateway used a model past the proxy");
      return agrees;
    },
  };
}
