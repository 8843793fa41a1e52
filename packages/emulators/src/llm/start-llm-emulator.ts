import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { readBody } from "@berth/platform";
import { anthropicMessagesFormat } from "./anthropic-messages-format.ts";
import type { Utterance } from "./conversation.ts";
import { decideTurn } from "./decide-turn.ts";
import { googleGenerateFormat } from "./google-generate-format.ts";
import { openaiChatFormat } from "./openai-chat-format.ts";
import { openaiResponsesFormat } from "./openai-responses-format.ts";
import { thoughtOf } from "./thoughts.ts";
import type { Turn } from "./turn.ts";
import { usageOf } from "./usage-numbers.ts";
import { isWireError, type ProviderName, type WireError, type WireFormat, type WireRequest } from "./wire-format.ts";

export interface LlmEmulatorOptions {
  /** 0 takes a free port. */
  port: number;
  /** Address to listen on; 127.0.0.1 if absent. */
  host?: string;
  anthropicKey: string;
  openaiKey: string;
  /** Without one, Google's side refuses every key. */
  googleKey?: string;
  /** Each request is appended here as a JSON line (`LlmRequestRecord`), before it is answered. */
  logFile?: string;
  /** Milliseconds between streamed events: 0 unless a person watches. */
  pieceDelayMs?: number;
  /** A test's own answer; undefined leaves it to the script in the message. */
  answer?: (conversation: Utterance[]) => Turn | undefined;
}

/** What arrived, byte for byte, but for the key, of which only the SHA-256 is kept. */
export interface LlmRequestRecord {
  at: string;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface LlmEmulator {
  url: string;
  /** What a client takes as base address: OpenAI's with `/v1`, the others' without a version. */
  anthropicUrl: string;
  openaiUrl: string;
  googleUrl: string;
  requests(): LlmRequestRecord[];
  close(): Promise<void>;
}

const maxBodyBytes = 32 * 1024 * 1024;
const formats = [anthropicMessagesFormat, openaiChatFormat, openaiResponsesFormat, googleGenerateFormat];

/** Which provider's shape an error for an unknown path has: told by the key's header, as a real host would by its name. */
function shapeOf(headers: IncomingHttpHeaders): WireFormat {
  if (headers["x-goog-api-key"]) return googleGenerateFormat;
  return headers["x-api-key"] || headers["anthropic-version"] ? anthropicMessagesFormat : openaiChatFormat;
}
const digest = (key: string) => `sha256:${createHash("sha256").update(key).digest("hex")}`;

function recordOf(request: IncomingMessage, body: string): LlmRequestRecord {
  const headers = { ...request.headers };
  for (const name of ["x-api-key", "x-goog-api-key"]) if (headers[name]) headers[name] = digest(String(headers[name]));
  if (headers.authorization) headers.authorization = digest(headers.authorization.replace(/^Bearer /, ""));
  return { at: new Date().toISOString(), method: request.method ?? "", path: request.url ?? "", headers, body };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const streamTypes = {
  sse: "text/event-stream; charset=utf-8",
  "json-array": "application/json; charset=UTF-8",
};
const answerChars = (turn: Turn) => ("tool" in turn ? JSON.stringify(turn.args).length : turn.text.length);

/** Anthropic Messages, OpenAI Chat Completions and Responses, and Gemini on one port, in the providers' shapes. */
export async function startLlmEmulator(options: LlmEmulatorOptions): Promise<LlmEmulator> {
  const records: LlmRequestRecord[] = [];
  const keys: Record<ProviderName, string | undefined> = {
    anthropic: options.anthropicKey,
    openai: options.openaiKey,
    google: options.googleKey,
  };
  const stopped = new AbortController();
  /** What a bill would say: every answer that was begun, for a real provider charges those too. */
  const billed = { calls: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thoughts: 0 };

  async function answer(response: ServerResponse, format: WireFormat, request: WireRequest): Promise<void> {
    const turn = options.answer?.(request.conversation) ?? decideTurn(request.conversation);
    const usage = usageOf(request.promptChars, answerChars(turn), thoughtOf(turn, request.thinks)?.length);
    billed.calls += 1;
    for (const kind of ["input", "output", "cacheRead", "cacheWrite", "thoughts"] as const) billed[kind] += usage[kind];
    if (!request.stream) return sendJson(response, 200, format.whole(request, turn, usage));
    response.writeHead(200, { "content-type": streamTypes[request.framing], "cache-control": "no-cache" });
    for (const event of format.stream(request, turn, usage)) {
      if (response.destroyed) return;
      if (!response.write(event)) await once(response, "drain", { signal: stopped.signal });
      if (options.pieceDelayMs) await delay(options.pieceDelayMs, undefined, { signal: stopped.signal });
    }
    response.end();
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://emulator");
    const path = url.pathname;
    const served = formats.find((candidate) => candidate.serves(path));
    const format = served ?? shapeOf(request.headers);
    if (path === "/_emulator/usage") return sendJson(response, 200, billed);
    const refuse = (error: WireError) => sendJson(response, error.status, error.body);
    const raw = await readBody(request, maxBodyBytes).catch(() => null);
    if (raw === null) return refuse(format.tooLarge());
    const body = raw.toString("utf8");
    const record = recordOf(request, body);
    records.push(record);
    if (options.logFile) appendFileSync(options.logFile, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    if (!served || request.method !== "POST") return refuse(format.notFound(record.method, path));
    if (format.keyOf(request.headers) !== keys[format.provider]) return refuse(format.unauthorised());
    const parsed = format.parse({ url, headers: request.headers, body });
    if (isWireError(parsed)) return refuse(parsed);
    await answer(response, format, parsed);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(options.port, options.host ?? "127.0.0.1");
  await once(server, "listening");
  // listen() on a TCP port gives an AddressInfo, never a pipe name.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    anthropicUrl: url,
    openaiUrl: `${url}/v1`,
    googleUrl: url,
    requests: () => [...records],
    close: async () => {
      stopped.abort();
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}
