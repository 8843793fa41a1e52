import type { EgressClient, ProxyConfig } from "@berth/contracts";
import type { Redactor } from "@berth/redaction";
import type { ForwardPolicy } from "./admit.ts";
import { createAllowList } from "./allow-list.ts";
import { createHostTeller } from "./told-host.ts";

/** What each door lets through under this configuration of the agent. */
export function forwardPoliciesOf(config: ProxyConfig, redactor: Redactor): Record<EgressClient, ForwardPolicy> {
  const teller = createHostTeller(config.secrets, redactor);
  const policyOf = (rules: string[]): ForwardPolicy => ({ allow: createAllowList(rules), redactor, teller });
  return { executor: policyOf(config.allowHosts), gateway: policyOf(config.gatewayHosts) };
}
