import { LlmApi, TenantId, type VaultSeedEntry } from "@berth/contracts";
import type { Tenant } from "@berth/db";
import { reveal, type Secret } from "@berth/platform";
import type { CtxWith } from "../context.ts";
import type { HostInputs } from "../deps.ts";

/** Vault name of each provider's key; the agent's configuration names the same. */
const keyNames: Record<LlmApi, string> = {
  anthropic: "llm-anthropic-key",
  openai: "llm-openai-key",
  google: "llm-google-key",
};

/** What the tenant's server is told. The operator's LLM keys go into its vault, bound to no tool, host or method. */
export function hostInputsOf(
  ctx: CtxWith<"config" | "hubKeys" | "llmKeys">,
  input: { tenant: Tenant; enrolmentToken: Secret; policyJws: string },
): HostInputs {
  const { config, hubKeys, llmKeys } = ctx.deps;
  const vaultSeed = LlmApi.options.flatMap((provider): VaultSeedEntry[] => {
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
    llm: Object.fromEntries(
      LlmApi.options.flatMap((provider) => {
        const baseUrl = config.tenantLlm[provider];
        return baseUrl ? [[provider, { baseUrl }]] : [];
      }),
    ),
    vaultSeed,
  };
}
