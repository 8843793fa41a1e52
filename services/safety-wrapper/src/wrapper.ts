import { BerthTool, WrapperConfig } from "@berth/contracts";
import { createAgentClient } from "./agent-client.ts";
import { berthTools } from "./berth-tools.ts";
import { type CheckIn, startCheckIn } from "./check-in.ts";
import { evaluateFloor, gateCall } from "./gate.ts";
import { createGatedCalls } from "./gated-calls.ts";
import type { PluginApi, StoredMessage } from "./openclaw-api.ts";
import { agentOf, createTriggerMemory } from "./origin.ts";
import { holdPresence, type Presence } from "./presence.ts";
import { createSyncRedactor, type SyncRedactor } from "./sync-redactor.ts";
import { systemText } from "./system-text.ts";
import { collectTexts, replaceTexts, withholdTexts } from "./texts.ts";
import { createUsageCount } from "./usage-count.ts";

export const wrapperVersion = "0.1.0";

/**
 * What lives once per process. OpenClaw calls `register` several times (discovery, full, reload), each time with a fresh
 * copy of this module, so the shared part hangs on the process and not on the module.
 */
interface Shared {
  gated: ReturnType<typeof createGatedCalls>;
  usage: ReturnType<typeof createUsageCount>;
  triggers: ReturnType<typeof createTriggerMemory>;
  redactor?: SyncRedactor;
  checkIn?: CheckIn;
  presence?: Presence;
}

const sharedKey = Symbol.for("berth.safety-wrapper");

function shared(): Shared {
  // Only this function writes the property.
  const holder = globalThis as { [sharedKey]?: Shared };
  holder[sharedKey] ??= { gated: createGatedCalls(), usage: createUsageCount(), triggers: createTriggerMemory() };
  return holder[sharedKey];
}

/** Registers everything with the gateway. Throws when the configuration is wrong: a wrapper that cannot work must not load. */
export function registerWrapper(api: PluginApi): void {
  const config = WrapperConfig.parse(api.pluginConfig);
  const agent = createAgentClient(config.agentSocket);
  const state = shared();
  for (const tool of berthTools({ agent, gated: state.gated })) api.registerTool(tool.define, { name: tool.name });
  api.registerTrustedToolPolicy({
    id: "berth-floor",
    description: "Refuses tools that are not Berth's and acts that no policy can allow.",
    evaluate: evaluateFloor,
  });
  const gate = {
    agent,
    gated: state.gated,
    triggerOf: state.triggers.of,
    agentIsThere: () => state.checkIn?.agentIsThere() === true,
  };
  api.on("before_tool_call", (event, context) => gateCall(gate, event, context), { priority: 1000, timeoutMs: 30_000 });
  registerRedaction(api, config.agentSocket, agent.redact, state);
  api.on("before_prompt_build", (_event, context) => {
    state.triggers.note(context);
    return { appendSystemContext: systemText };
  });
  api.on("llm_output", (turn, context) => state.usage.add(agentOf(context), turn));
  registerLife(api, config, agent, state);
}

function registerRedaction(
  api: PluginApi,
  socketPath: string,
  redact: (texts: string[]) => Promise<string[]>,
  state: Shared,
): void {
  api.registerAgentToolResultMiddleware(
    async ({ result }) => ({ result: replaceTexts(result, await redact(collectTexts(result))) }),
    { runtimes: ["openclaw"] },
  );
  const redactStored = (message: StoredMessage): { message: StoredMessage } => {
    try {
      state.redactor ??= createSyncRedactor(socketPath);
      return { message: replaceTexts(message, state.redactor.redact(collectTexts(message))) };
    } catch {
      return { message: withholdTexts(message) };
    }
  };
  api.on("tool_result_persist", ({ message }) => redactStored(message));
  api.on("before_message_write", ({ message }) => redactStored(message));
}

function registerLife(
  api: PluginApi,
  config: WrapperConfig,
  agent: ReturnType<typeof createAgentClient>,
  state: Shared,
): void {
  const stop = () => {
    state.checkIn?.stop();
    state.presence?.stop();
    state.redactor?.close();
    delete state.checkIn;
    delete state.presence;
    delete state.redactor;
  };
  api.registerService({
    id: "berth-presence",
    start: () => {
      stop();
      const facts = {
        version: wrapperVersion,
        openclawVersion: api.runtime?.version ?? "unknown",
        tools: [...BerthTool.options],
      };
      state.checkIn = startCheckIn({ agent, usage: state.usage, facts });
      state.presence = holdPresence(config.proxyUrl);
    },
    stop,
  });
}
