/** What the processes on one VPS say to each other over unix sockets (HTTP/1.1, JSON). Nothing here leaves the VPS. */
import { z } from "zod";
import { EgressReport } from "./egress.ts";
import { CallOrigin } from "./policy.ts";
import { AgentName, ApprovalId, ToolArguments } from "./primitives.ts";
import { UsageBucket } from "./usage.ts";

/** A tool call as the wrapper sees it, before anything ran. */
export const ToolCall = z.object({
  toolCallId: z.string().max(200),
  tool: z.string().max(100),
  args: ToolArguments,
  agent: AgentName,
  sessionKey: z.string().max(200),
  runId: z.string().max(100).nullable(),
  origin: CallOrigin,
});
export type ToolCall = z.infer<typeof ToolCall>;

/** `POST /v1/gate`. `message` is what the model reads when the call does not run. */
export const GateVerdict = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("run") }),
  z.object({ verdict: z.literal("parked"), approvalId: ApprovalId, message: z.string() }),
  z.object({ verdict: z.literal("refused"), message: z.string() }),
]);
export type GateVerdict = z.infer<typeof GateVerdict>;

/** `POST /v1/execute`: decided again, run, redacted. `text` is safe to show to the model. */
export const ExecuteResult = z.object({ ok: z.boolean(), text: z.string() });
export type ExecuteResult = z.infer<typeof ExecuteResult>;

/** `POST /v1/check-in`, every few seconds: the wrapper is alive and registered what it should. */
export const WrapperCheckIn = z.object({
  version: z.string(),
  openclawVersion: z.string(),
  pid: z.int(),
  tools: z.array(z.string()),
  /** Usage of assistant messages since the last check-in, from the gateway's own count: the cross-check. */
  usage: z.array(UsageBucket.omit({ hour: true, provider: true })),
});
export type WrapperCheckIn = z.infer<typeof WrapperCheckIn>;

/** `POST /v1/redact`: known secrets in these texts become `SECRET_REF(name)`. */
export const RedactInput = z.object({ texts: z.array(z.string()) });
export const RedactResult = z.object({ texts: z.array(z.string()) });

/** Whose key and address a call uses. OpenAI speaks two formats (chat completions, responses) under one key. */
export const LlmApi = z.enum(["anthropic", "openai", "google"]);
export type LlmApi = z.infer<typeof LlmApi>;

/** First and each later line of `GET /v1/proxy-config` (NDJSON, agent's socket): the proxy's whole configuration. */
export const ProxyConfig = z.object({
  upstreams: z.partialRecord(LlmApi, z.object({ baseUrl: z.url(), apiKey: z.string() })),
  secrets: z.array(z.object({ name: z.string(), value: z.string() })),
  /** `HostRule`s of the executor's door and of the gateway's. */
  allowHosts: z.array(z.string()),
  gatewayHosts: z.array(z.string()),
  tokensPerMonth: z.int().nonnegative().nullable(),
});
export type ProxyConfig = z.infer<typeof ProxyConfig>;

/** `GET /v1/usage?fromHour=` on the proxy's control socket. */
export const ProxyUsage = z.object({
  buckets: z.array(UsageBucket),
  tokensThisMonth: z.int().nonnegative(),
  /** Calls under way: their tokens are not in the buckets yet. */
  openCalls: z.int().nonnegative(),
  /** Calls that ended before the provider's numbers came, and the tokens that were booked for them: a guess. */
  estimated: z.object({ calls: z.int().nonnegative(), tokens: z.int().nonnegative() }),
});
export type ProxyUsage = z.infer<typeof ProxyUsage>;

/** `GET /v1/state` on the proxy's control socket. */
export const ProxyState = z.object({
  version: z.string(),
  configured: z.boolean(),
  wrapperPresent: z.boolean(),
  /** False while tokens cannot be written down, as on a full disk: then no LLM request is served. */
  ledgerWritable: z.boolean(),
  requestsServed: z.int(),
  requestsRefused: z.int(),
  egress: EgressReport,
});
export type ProxyState = z.infer<typeof ProxyState>;

/** `POST /v1/probes` on the proxy's control socket: answer the turn that carries this nonce itself, with this call. */
export const ProbeTurn = z.object({ nonce: z.string().min(16), tool: z.string(), args: ToolArguments });
export type ProbeTurn = z.infer<typeof ProbeTurn>;

/**
 * One line to, and one line from, the socket-activated command unit. `secrets` go to descriptor 3 of that one bash, a NUL
 * after each, and into no environment; the command's first line reads them. Empty: there is no descriptor 3.
 */
export const CommandJob = z.object({
  command: z.string(),
  cwd: z.string(),
  secrets: z.array(z.string()),
  timeoutMs: z.int().positive(),
  maxOutputBytes: z.int().positive(),
});
export type CommandJob = z.infer<typeof CommandJob>;
export const CommandResult = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  timedOut: z.boolean(),
  truncated: z.boolean(),
  stdout: z.string(),
  stderr: z.string(),
});
export type CommandResult = z.infer<typeof CommandResult>;
