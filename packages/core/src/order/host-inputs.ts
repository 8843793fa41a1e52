import { TenantId, type VaultSeedEntry } from "@berth/contracts";
import type { Tenant } from "@berth/db";
import { reveal, type Secret } from "@berth/platform";
import type { CtxWith } from "../context.ts";
import type { HostInputs } from "../deps.ts";

/** Vault name of each provider's key; the agent's configuration names the same. */
const keyNames = { anthropic: "llm-anthropic-key", openai: "llm-openai-key" } as const;

/** What the tenant's server is told. The operator's LLM keys go into its vault, bound to no tool, host or method. */
export function hostInputsOf(
  ctx: CtxWith<"config" | "hubKeys" | "llmKeys">,
  input: { tenant: Tenant; enrolmentToken: Secret; policyJws: string },
): HostInputs {
  const { config, hubKeys, llmKeys } = ctx.deps;
  const { anthropic, openai } = config.tenantLlm;
  const vaultSeed = (["anthropic", "openai"] as const).flatMap((provider): VaultSeedEntry[] => {
    const key = config.tenantLlm[provider] ? llmKeys[provider] : null;
    const bindings = { tools: [], hosts: [], methods: [] };
    return key ? [{ name: keyNames[provider], value: reveal(key), owner: "operator", bindings }] : [];
  });
  return {
    tenantId: TenantId.parse(input.tenant.id),
    isolation: input.tenant.isolation,
    hubUrl: config.tenantHubUrl,
    realtimeUrl: config.tenantRealtimeUrl,
    hubKeys: hubKeys.all,
    enrolmentToken: input.enrolmentToken,
    policyJws: input.policyJws,
    llm: {
      ...(anthropic ? { anthropic: { baseUrl: anthropic } } : {}),
      ...(openai ? { openai: { baseUrl: openai } } : {}),
    },
    vaultSeed,
  };
}
