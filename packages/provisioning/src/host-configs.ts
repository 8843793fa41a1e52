import { type AgentConfig, type EgressConfig, LlmApi } from "@berth/contracts";
import type { HostInputs } from "./host-inputs.ts";
import type { HostLayout } from "./host-layout.ts";

/** The vault's names of the LLM providers' keys. Seed the vault under these. */
export const llmKeySecrets = {
  anthropic: "llm-anthropic-key",
  openai: "llm-openai-key",
  google: "llm-google-key",
} as const satisfies Record<LlmApi, string>;

export const loopback = (port: number): string => `http://127.0.0.1:${port}`;

/** `agent.json` */
export function agentConfig(inputs: HostInputs, layout: HostLayout): AgentConfig {
  return {
    tenantId: inputs.tenantId,
    isolation: inputs.isolation,
    hubUrl: inputs.hubUrl,
    realtimeUrl: inputs.realtimeUrl,
    hubKeys: inputs.hubKeys,
    stateDir: layout.agentStateDir,
    workspaceDir: layout.workspaceDir,
    vaultKeyFile: layout.vaultKeyFile,
    gatewayTokenFile: layout.gatewayTokenFile.agent,
    enrolmentTokenFile: layout.enrolmentTokenFile,
    vaultSeedFile: layout.vaultSeedFile,
    policyFile: layout.policyFile,
    sockets: {
      wrapper: layout.sockets.wrapper,
      egress: layout.sockets.egress,
      admin: layout.sockets.admin,
      proxyControl: layout.sockets.proxyControl,
    },
    gatewayUrl: loopback(layout.ports.gateway),
    forwardProxyUrl: loopback(layout.ports.forward),
    commandRunner:
      inputs.isolation === "machine"
        ? { kind: "socket", path: layout.sockets.command }
        : { kind: "spawn", argv: [layout.nodeBinary, `${layout.berthDir}/command-runner.mjs`] },
    llm: llmOf(inputs),
  };
}

const llmOf = ({ llm }: HostInputs): AgentConfig["llm"] =>
  Object.fromEntries(
    LlmApi.options.flatMap((api) => {
      const upstream = llm[api];
      return upstream ? [[api, { baseUrl: upstream.baseUrl, keySecret: llmKeySecrets[api] }]] : [];
    }),
  );

/** `egress.json` */
export const egressConfig = (layout: HostLayout): EgressConfig => ({
  stateDir: layout.egressStateDir,
  agentSocket: layout.sockets.egress,
  controlSocket: layout.sockets.proxyControl,
  llmPort: layout.ports.llm,
  forwardPort: layout.ports.forward,
  channelPort: layout.ports.channel,
});
