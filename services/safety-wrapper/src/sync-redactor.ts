import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { RedactResult } from "@berth/contracts";

/** Plain JavaScript, because the plugin ships as one file and a worker needs a file or a text. */
const workerSource = `
const { workerData } = require("node:worker_threads");
const { request } = require("node:http");
const { socketPath, port, flag } = workerData;
port.on("message", ({ id, body, timeoutMs }) => {
  let over = false;
  const answer = (message) => {
    if (over) return;
    over = true;
    port.postMessage({ id, ...message });
    Atomics.store(flag, 0, id);
    Atomics.notify(flag, 0);
  };
  const call = request({ socketPath, path: "/v1/redact", method: "POST", agent: false, timeout: timeoutMs,
    headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) } }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("error", (error) => answer({ error: error.message }));
    response.on("end", () => answer(response.statusCode === 200
      ? { text: Buffer.concat(chunks).toString("utf8") } : { error: "status " + response.statusCode }));
  });
  call.on("timeout", () => call.destroy(new Error("timed out")));
  call.on("error", (error) => answer({ error: error.message }));
  call.end(body);
});
`;

export interface SyncRedactor {
  /** Blocks this thread until the agent answered; throws when it does not. */
  redact(texts: string[]): string[];
  close(): void;
}

/** OpenClaw takes only synchronous answers before it stores a message; a second thread does the talking meanwhile. */
export function createSyncRedactor(socketPath: string, timeoutMs = 3000): SyncRedactor {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const channel = new MessageChannel();
  const worker = new Worker(workerSource, {
    eval: true,
    env: {},
    workerData: { socketPath, port: channel.port2, flag },
    transferList: [channel.port2],
  });
  worker.unref();
  channel.port1.unref();
  let last = 0;
  return {
    redact(texts) {
      if (texts.length === 0) return [];
      last += 1;
      const before = Atomics.load(flag, 0);
      channel.port1.postMessage({ id: last, body: JSON.stringify({ texts }), timeoutMs });
      return answerOf(channel.port1, flag, { id: last, before, timeoutMs: timeoutMs + 1000 }, texts.length);
    },
    close() {
      channel.port1.close();
      void worker.terminate();
    },
  };
}

function answerOf(
  port: Parameters<typeof receiveMessageOnPort>[0],
  flag: Int32Array<SharedArrayBuffer>,
  call: { id: number; before: number; timeoutMs: number },
  count: number,
): string[] {
  const deadline = performance.now() + call.timeoutMs;
  let seen = call.before;
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0) throw new Error("the redactor did not answer in time");
    Atomics.wait(flag, 0, seen, left);
    seen = Atomics.load(flag, 0);
    for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
      // The worker above is the only sender.
      const message = received.message as { id: number; text?: string; error?: string };
      if (message.id !== call.id) continue;
      if (message.text === undefined) throw new Error(`the redactor failed: ${message.error}`);
      const { texts } = RedactResult.parse(JSON.parse(message.text));
      if (texts.length !== count) throw new Error("the redactor answered with another number of texts");
      return texts;
    }
  }
}
