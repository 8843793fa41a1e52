import { type IncomingMessage, request } from "node:http";
import { type EgressClient, ProxyConfig } from "@berth/contracts";
import type { Logger } from "@berth/platform";
import { createRedactor, type Redactor } from "@berth/redaction";
import type { ForwardPolicy } from "./forward/admit.ts";
import { forwardPoliciesOf } from "./forward/forward-policies.ts";

/** What the agent told us last, compiled. */
export interface LiveConfig extends ProxyConfig {
  redactor: Redactor;
  /** A secret holds JSON's own marks, so that it could lie across several strings of a body. */
  spansJson: boolean;
  forward: Record<EgressClient, ForwardPolicy>;
}

export interface AgentLink {
  /** Null while the agent's stream is down or sent something that cannot be read: then nothing may leave. */
  current(): LiveConfig | null;
  close(): void;
}

const maxLineChars = 32 * 1024 * 1024;
const retryMsMax = 2000;

function compile(line: string): LiveConfig {
  const config = ProxyConfig.parse(JSON.parse(line));
  const known = new Set(config.secrets.map(({ value }) => value));
  // The provider's key is a secret too, even if the agent's list should lack it.
  const keys = Object.entries(config.upstreams).flatMap(([api, upstream]) =>
    known.has(upstream.apiKey) ? [] : [{ name: `llm-${api}-key`, value: upstream.apiKey }],
  );
  const redactor = createRedactor([...config.secrets, ...keys]);
  const spansJson = config.secrets.some(({ value }) => /[",:[\]{}]/.test(value));
  return { ...config, redactor, spansJson, forward: forwardPoliciesOf(config, redactor) };
}

/** Holds `GET /v1/proxy-config` of the agent's socket open and tries again whenever it ends. */
export function followAgent(options: { socketPath: string; log: Logger }): AgentLink {
  const { socketPath, log } = options;
  let config: LiveConfig | null = null;
  let closed = false;
  let retryMs = 100;
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};

  function lost(reason: string): void {
    if (config) log.warn({ reason }, "the agent's configuration stream ended: refusing all traffic until it is back");
    config = null;
    if (closed || timer) return;
    timer = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, retryMsMax);
  }

  function read(response: IncomingMessage): void {
    let partial = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      const lines = (partial + chunk).split("\n");
      partial = lines.pop() ?? "";
      if (partial.length > maxLineChars) response.destroy();
      for (const line of lines.filter((each) => each.trim() !== "")) {
        try {
          config = compile(line);
          retryMs = 100;
          log.info({ secrets: config.secrets.length, hosts: config.allowHosts.length }, "configuration from the agent");
        } catch {
          // Not even the parser's message is logged: it may quote the line, which holds secrets.
          response.destroy();
          lost("a line could not be read");
          return;
        }
      }
    });
    response.on("error", () => lost("the stream broke"));
    response.on("close", () => lost("the stream ended"));
  }

  function connect(): void {
    timer = undefined;
    const call = request({ socketPath, path: "/v1/proxy-config", headers: { host: "agent" } }, (response) => {
      if (response.statusCode === 200) return read(response);
      response.resume();
      lost(`the agent answered ${response.statusCode}`);
    });
    call.on("error", () => lost("the agent's socket does not answer"));
    stop = () => call.destroy();
    call.end();
  }

  connect();
  return {
    current: () => config,
    close: () => {
      closed = true;
      config = null;
      clearTimeout(timer);
      stop();
    },
  };
}
