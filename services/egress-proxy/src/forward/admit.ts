import { isIP } from "node:net";
import type { EgressClient } from "@berth/contracts";
import type { Logger } from "@berth/platform";
import type { Redactor } from "@berth/redaction";
import { isPublicAddress } from "./addresses.ts";
import type { AllowList } from "./allow-list.ts";
import { type Destination, destinationOf } from "./destination.ts";
import { Refusal, refusalOf } from "./refusal.ts";
import type { RefusedAttempt } from "./refusal-log.ts";
import type { HostTeller } from "./told-host.ts";
import type { Dial } from "./tunnel.ts";

/** Under what traffic may leave now. */
export interface ForwardPolicy {
  allow: AllowList;
  redactor: Redactor;
  teller: HostTeller;
}

/** One door of the forward proxy: who comes through it is known by its port, which the firewall opens to one user. */
export interface ForwardContext {
  client: EgressClient;
  /** Null while nothing may leave. */
  policy: () => ForwardPolicy | null;
  /** All addresses of a name. */
  resolve: (host: string) => Promise<string[]>;
  dial: Dial;
  log: Logger;
  onRefused: (attempt: RefusedAttempt) => void;
}

export interface Admitted {
  destination: Destination;
  /** Checked, and in the order to try: the connection goes to one of these, so that no second look-up can differ. */
  addresses: string[];
}

const resolveTimeoutMs = 10_000;
const timedOut = (ms: number): Promise<never> =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Refusal("no_address")), ms).unref();
  });

async function addressesOf({ host }: Destination, resolve: ForwardContext["resolve"]): Promise<string[]> {
  // Only a list's own entry makes an address a destination, so there the list has decided.
  if (isIP(host) !== 0) return [host];
  const addresses = await Promise.race([resolve(host).catch(() => []), timedOut(resolveTimeoutMs)]);
  if (addresses.length === 0) throw new Refusal("no_address");
  if (!addresses.every(isPublicAddress)) throw new Refusal("private_address");
  return addresses;
}

/** Throws `Refusal` unless `asked` (`host:port` or `host`) may be reached now. Nothing is looked up before the list allows it. */
export async function admit(asked: string, defaultPort: number, context: ForwardContext): Promise<Admitted> {
  const policy = context.policy();
  if (!policy) throw new Refusal("not_ready");
  const destination = destinationOf(asked, defaultPort);
  if (!destination) throw new Refusal("unreadable");
  const { exact } = policy.allow.check(destination);
  // Below a `*.suffix` the asker chooses the name, and the resolver tells it to the suffix's owner.
  if (!exact && [asked, destination.host].some((text) => policy.redactor.redactText(text) !== text)) {
    throw new Refusal("secret_in_name");
  }
  return { destination, addresses: await addressesOf(destination, context.resolve) };
}

/**
 * The pinned gateway asks for these at every start, whatever it is told. They are refused like all others, but are no news
 * for anybody.
 */
const askedAtEveryStart = new Set(["clawhub.ai", "catalog.openclaw.ai", "telemetry.openclaw.ai"]);

/** Counts, audits and logs a refusal, by the host as it may be told: a path or query may carry what must not be written down. */
export function noteRefusal(error: unknown, asked: string, defaultPort: number, context: ForwardContext): Refusal {
  const refusal = refusalOf(error);
  const destination = destinationOf(asked, defaultPort);
  const host = context.policy()?.teller.tell(asked, destination) ?? "(not told)";
  const { client } = context;
  const port = destination?.port ?? 0;
  const quiet = !refusal.byPolicy || (client === "gateway" && askedAtEveryStart.has(destination?.host ?? ""));
  context.onRefused({ client, host, port, reason: refusal.reason, quiet });
  context.log.warn({ client, host, port, reason: refusal.reason }, "refused");
  return refusal;
}
