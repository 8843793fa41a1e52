import { LlmApi } from "@berth/contracts";
import type { HostInputs } from "./host-inputs.ts";
import type { HostLayout } from "./host-layout.ts";
import { defaultProviderModels, openclawConfig, openclawEnvironment } from "./openclaw/index.ts";

/** `openclaw.json` of this server. It holds no secret: the gateway's token is named as a file. */
export const gatewayConfig = (inputs: HostInputs, layout: HostLayout): object =>
  openclawConfig({
    gatewayPort: layout.ports.gateway,
    gatewayToken: { source: "file", path: layout.gatewayTokenFile.gateway },
    llmPort: layout.ports.llm,
    channelPort: layout.ports.channel,
    agentSocket: layout.sockets.wrapper,
    pluginDir: layout.wrapperDir,
    workspaceDir: `${layout.openclawStateDir}/workspace`,
    logFile: `${layout.openclawStateDir}/log/openclaw.log`,
    providers: Object.fromEntries(
      LlmApi.options.flatMap((api) => (inputs.llm[api] ? [[api, defaultProviderModels[api]]] : [])),
    ),
  });

/** Environment of the gateway's process. Never a secret: it hands it on to what it starts. */
export const gatewayEnvironment = (layout: HostLayout): Record<string, string> =>
  openclawEnvironment({
    stateDir: layout.openclawStateDir,
    configFile: layout.openclawConfigFile,
    homeDir: layout.openclawStateDir,
  });
