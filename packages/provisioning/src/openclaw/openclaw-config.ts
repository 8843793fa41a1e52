import { BerthTool, LlmApi } from "@berth/contracts";

/** Model of a provider as OpenClaw wants it described; prices stay 0, Berth counts tokens in the proxy. */
interface ProviderModel {
  id: string;
  name: string;
  contextWindow: number;
  maxTokens: number;
}

export interface OpenclawConfigInput {
  gatewayPort: number;
  /**
   * Literal: the config file must then be readable for the gateway's uid only (root:openclaw 0640). File: a private
   * file (0400) owned by the gateway's uid, read at start; the config then holds no secret.
   */
  gatewayToken: { source: "literal"; value: string } | { source: "file"; path: string };
  /** Loopback ports of the egress proxy: for the models, and for everything else that the gateway says to the outside. */
  llmPort: number;
  channelPort: number;
  /** The tenant agent's unix socket for the wrapper. */
  agentSocket: string;
  /** Folder with `index.js`, `openclaw.plugin.json` and `package.json` of the safety wrapper. */
  pluginDir: string;
  /** The gateway's own folder for bootstrap files; tools never work here. */
  workspaceDir: string;
  logFile: string;
  /** Models per provider, in order of preference; the first of the first provider is the agent's model. */
  providers: Partial<Record<LlmApi, readonly ProviderModel[]>>;
  /** Which of OpenAI's two formats the gateway speaks; chat completions if absent. */
  openaiApi?: "openai-completions" | "openai-responses";
}

export const defaultProviderModels: Record<LlmApi, readonly ProviderModel[]> = {
  anthropic: [{ id: "claude-sonnet-4-5", name: "Claude Sonnet", contextWindow: 200_000, maxTokens: 8192 }],
  openai: [{ id: "gpt-5", name: "GPT", contextWindow: 200_000, maxTokens: 8192 }],
  google: [{ id: "gemini-2.5-pro", name: "Gemini Pro", contextWindow: 200_000, maxTokens: 8192 }],
};

/** Native tools that only read sessions; everything else native that acts is off. The wrapper holds the same list. */
export const harmlessNativeTools = ["sessions_list", "sessions_history"] as const;

/** Native tools that could rebuild or reconfigure a pinned gateway; denied on top of the closed list. */
const deniedTools = ["gateway", "openclaw", "plugins", "nodes", "secrets"];
const wrapperId = "safety-wrapper";

/**
 * The whole of `openclaw.json` for one server, for the pinned OpenClaw 2026.9.6. Every switch is set rather than left
 * to a default: what this file does not say, an upgrade could change.
 */
export function openclawConfig(input: OpenclawConfigInput): Record<string, unknown> {
  const models = providersOf(input);
  const primary = firstModel(input);
  return {
    ...gatewayPart(input),
    update: { checkOnStart: false, auto: { enabled: false } },
    telemetry: { enabled: false },
    discovery: { mdns: { mode: "off" } },
    logging: {
      level: "info",
      consoleLevel: "warn",
      file: input.logFile,
      consoleStyle: "json",
      redactPatterns: redactPatterns,
    },
    models: { mode: "replace", catalogRefresh: { enabled: false }, providers: models },
    agents: {
      defaults: {
        workspace: input.workspaceDir,
        heartbeat: { every: "0m" },
        model: { primary },
        // Titles and activity recaps would be LLM calls that nobody asked for.
        utilityModel: "",
        timeoutSeconds: 3600,
      },
      entries: { main: { model: { primary } } },
    },
    tools: toolsPart,
    ...quietPart,
    proxy: { enabled: true, proxyUrl: `http://127.0.0.1:${input.channelPort}`, loopbackMode: "gateway-only" },
    plugins: pluginsPart(input),
  };
}

/** What the agent of this server may call, to the last name: deny-lists leak, a closed list does not. */
const toolsPart = {
  allow: [...BerthTool.options, ...harmlessNativeTools],
  deny: deniedTools,
  toolSearch: { enabled: false },
  codeMode: { enabled: false },
  elevated: { enabled: false },
  fs: { workspaceOnly: true },
  exec: { mode: "deny", notifyOnExit: false },
  agentToAgent: { enabled: false },
  web: { search: { enabled: false }, fetch: { enabled: false } },
};

/** Things that would run turns, keep copies or open doors of their own. */
const quietPart = {
  memory: { search: { enabled: false } },
  skills: { workshop: { autonomous: { mode: "off" } }, load: { watch: false } },
  hooks: { enabled: false },
  browser: { enabled: false },
  cron: { enabled: true, skipMissedJobs: true },
};

/** Shapes of well-known credentials, masked in logs and transcripts on top of what the registry knows by value. */
const redactPatterns = [
  "sk-[A-Za-z0-9_-]{16,}",
  "(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}",
  "gh[pousr]_[A-Za-z0-9]{20,}",
  "xox[abprs]-[A-Za-z0-9-]{10,}",
  "AKIA[0-9A-Z]{16}",
  "\\d{6,}:[A-Za-z0-9_-]{30,}",
  "Bearer\\s+[A-Za-z0-9._~+/=-]{16,}",
];

function gatewayPart(input: OpenclawConfigInput) {
  const { gatewayToken } = input;
  const file = gatewayToken.source === "file";
  return {
    gateway: {
      mode: "local",
      port: input.gatewayPort,
      bind: "loopback",
      auth: {
        mode: "token",
        token: file ? { source: "file", provider: "gatewaytoken", id: "value" } : gatewayToken.value,
      },
      controlUi: { enabled: false, sessionObserver: false },
      terminal: { enabled: false },
      reload: { mode: "off" },
      http: { endpoints: { chatCompletions: { enabled: false }, responses: { enabled: false } } },
    },
    secrets: {
      egressProxy: { enabled: false },
      ...(file
        ? { providers: { gatewaytoken: { source: "file", path: gatewayToken.path, mode: "singleValue" } } }
        : {}),
    },
  };
}

/** Provider addresses carry the agent's name, so that the proxy counts tokens per agent; keys are dummies. */
function providersOf(input: OpenclawConfigInput): Record<string, unknown> {
  const base = `http://127.0.0.1:${input.llmPort}/llm/main`;
  const shapes = {
    anthropic: { baseUrl: `${base}/anthropic`, api: "anthropic-messages" },
    openai: { baseUrl: `${base}/openai/v1`, api: input.openaiApi ?? "openai-completions" },
    google: { baseUrl: `${base}/google/v1beta`, api: "google-generative-ai" },
  };
  return Object.fromEntries(
    apisOf(input).map((api) => [
      api,
      {
        ...shapes[api],
        apiKey: "dummy-the-proxy-puts-the-key-in",
        models: input.providers[api]!.map((model) => ({
          ...model,
          reasoning: false,
          input: ["text"],
          cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
        })),
      },
    ]),
  );
}

const apisOf = (input: OpenclawConfigInput): LlmApi[] =>
  LlmApi.options.filter((api) => (input.providers[api]?.length ?? 0) > 0);

function firstModel(input: OpenclawConfigInput): string {
  const api = apisOf(input)[0];
  if (api === undefined) throw new TypeError("openclawConfig needs at least one model");
  return `${api}/${input.providers[api]![0]!.id}`;
}

function pluginsPart(input: OpenclawConfigInput) {
  return {
    enabled: true,
    allow: [wrapperId],
    slots: { memory: "none" },
    load: { paths: [input.pluginDir] },
    entries: {
      [wrapperId]: {
        enabled: true,
        hooks: {
          allowConversationAccess: true,
          allowPromptInjection: true,
          timeouts: { before_tool_call: 60_000 },
        },
        config: { agentSocket: input.agentSocket, proxyUrl: `http://127.0.0.1:${input.llmPort}` },
      },
    },
  };
}
