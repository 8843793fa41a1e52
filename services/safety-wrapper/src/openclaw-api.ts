/** The part of OpenClaw's plugin interface (2026.9.6) that the wrapper uses. The real gateway checks it in the tests. */
export interface ToolCallEvent {
  toolName: string;
  params: Record<string, unknown>;
  runId?: string;
  toolCallId?: string;
}

export interface HookContext {
  agentId?: string;
  sessionKey?: string;
  runId?: string;
  toolCallId?: string;
  trigger?: string;
  channelId?: string;
  requester?: { channel?: string };
}

export type Block = { block: true; blockReason: string };

/** A message as the transcript stores it; only text inside it is touched. */
export type StoredMessage = Record<string, unknown>;

export interface ToolResult {
  content: unknown[];
  details?: unknown;
}

export interface ToolDefinition {
  name: string;
  label: string;
  description: string;
  parameters: unknown;
  execute: (toolCallId: string, params: Record<string, unknown>, signal?: AbortSignal) => Promise<ToolResult>;
}

interface Hooks {
  before_tool_call: (event: ToolCallEvent, context: HookContext) => Promise<Block | undefined>;
  before_prompt_build: (event: unknown, context: HookContext) => { appendSystemContext: string };
  llm_output: (event: unknown, context: HookContext) => void;
  tool_result_persist: (event: { message: StoredMessage }, context: HookContext) => { message: StoredMessage };
  before_message_write: (event: { message: StoredMessage }, context: HookContext) => { message: StoredMessage };
}

export interface PluginApi {
  registrationMode: string;
  pluginConfig?: unknown;
  runtime?: { version?: string };
  logger: { info(text: string): void; warn(text: string): void; error(text: string): void };
  on<K extends keyof Hooks>(hook: K, handler: Hooks[K], options?: { priority?: number; timeoutMs?: number }): void;
  registerTool(factory: (context: HookContext) => ToolDefinition, options: { name: string }): void;
  registerTrustedToolPolicy(policy: {
    id: string;
    description: string;
    evaluate: (event: ToolCallEvent, context: HookContext) => Promise<Block | undefined>;
  }): void;
  registerAgentToolResultMiddleware(
    middleware: (event: { result: ToolResult }, context: HookContext) => Promise<{ result: ToolResult }>,
    options: { runtimes: string[] },
  ): void;
  registerService(service: { id: string; start: () => void; stop: () => void }): void;
}
