import { request } from "node:http";
import { connect } from "node:net";
import { ExecuteResult, GateVerdict, RedactResult, type ToolCall, type WrapperCheckIn } from "@berth/contracts";
import type { z } from "zod";

const largestAnswerBytes = 16 * 1024 * 1024;

export interface AgentClient {
  gate(call: ToolCall, signal?: AbortSignal): Promise<GateVerdict>;
  execute(call: ToolCall, signal?: AbortSignal): Promise<ExecuteResult>;
  redact(texts: string[]): Promise<string[]>;
  checkIn(facts: WrapperCheckIn): Promise<void>;
}

/** The tenant agent on its unix socket. Every fault, late or odd answer throws: callers turn that into a block. */
export function createAgentClient(socketPath: string): AgentClient {
  const ask = <T>(path: string, body: unknown, timeoutMs: number, schema: z.ZodType<T>, signal?: AbortSignal) =>
    post({ socketPath, path, body: JSON.stringify(body), timeoutMs, signal }).then((text) =>
      schema.parse(JSON.parse(text)),
    );
  return {
    gate: (call, signal) => ask("/v1/gate", call, 20_000, GateVerdict, signal),
    /** Longer than the longest command (10 minutes), so that the agent's own limit speaks first. */
    execute: (call, signal) => ask("/v1/execute", call, 630_000, ExecuteResult, signal),
    redact: async (texts) => {
      if (texts.length === 0) return [];
      const result = await ask("/v1/redact", { texts }, 10_000, RedactResult);
      if (result.texts.length !== texts.length) throw new Error("the redactor answered with another number of texts");
      return result.texts;
    },
    /** Patient, because a check-in that was heard but not confirmed counts its tokens twice. */
    checkIn: async (facts) => {
      await post({ socketPath, path: "/v1/check-in", body: JSON.stringify(facts), timeoutMs: 30_000 });
    },
  };
}

function post(input: {
  socketPath: string;
  path: string;
  body: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}): Promise<string> {
  const limit = AbortSignal.timeout(input.timeoutMs);
  const signal = input.signal === undefined ? limit : AbortSignal.any([input.signal, limit]);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath: input.socketPath,
        path: input.path,
        method: "POST",
        // Without an own connection OpenClaw's patched agent takes the request for its forward proxy.
        createConnection: () => connect(input.socketPath),
        signal,
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(input.body) },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > largestAnswerBytes) call.destroy(new Error("the agent's answer is too large"));
          else chunks.push(chunk);
        });
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode !== undefined && answer.statusCode >= 200 && answer.statusCode < 300) {
            resolve(Buffer.concat(chunks).toString("utf8"));
          } else reject(new Error(`the agent answered ${input.path} with ${answer.statusCode}`));
        });
      },
    );
    call.on("error", reject);
    call.end(input.body);
  });
}
