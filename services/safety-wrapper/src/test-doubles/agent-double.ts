import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GateVerdict, RedactInput, ToolCall, WrapperCheckIn } from "@berth/contracts";
import { readBody } from "@berth/platform";
import { classify, gateProbeCommand } from "@berth/policy";

export interface AgentDouble {
  socketPath: string;
  gated: ToolCall[];
  executed: ToolCall[];
  checkIns: WrapperCheckIn[];
  /** Values that become `SECRET_REF(name)`. */
  secrets: Map<string, string>;
  /** What a run call prints. */
  output: (call: ToolCall) => string;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** The agent's side of the wrapper's socket, speaking the contract: Red and worse is parked, the rest runs. */
export async function startAgentDouble(): Promise<AgentDouble> {
  const dir = mkdtempSync(join(tmpdir(), "berth-agent-"));
  const double: AgentDouble = {
    socketPath: join(dir, "agent.sock"),
    gated: [],
    executed: [],
    checkIns: [],
    secrets: new Map(),
    output: (call) => `ran ${JSON.stringify(call.args)}`,
    pause: () => close(server),
    resume: async () => {
      server = await listen(double);
    },
    stop: async () => {
      await close(server);
      rmSync(dir, { recursive: true, force: true });
    },
  };
  let server = await listen(double);
  return double;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

async function listen(double: AgentDouble): Promise<Server> {
  rmSync(double.socketPath, { force: true });
  const server = createServer(async (request, response) => {
    try {
      const body: unknown = JSON.parse((await readBody(request, 10_000_000)).toString());
      const answer = answerTo(double, request.url ?? "", body);
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(double.socketPath);
  await once(server, "listening");
  return server;
}

function answerTo(double: AgentDouble, url: string, body: unknown): unknown {
  switch (url) {
    case "/v1/check-in":
      double.checkIns.push(WrapperCheckIn.parse(body));
      return {};
    case "/v1/gate":
      return verdictOn(double, ToolCall.parse(body));
    case "/v1/execute": {
      const call = ToolCall.parse(body);
      double.executed.push(call);
      return { ok: true, text: double.output(call) };
    }
    case "/v1/redact":
      return { texts: RedactInput.parse(body).texts.map((text) => redact(double, text)) };
    default:
      return undefined;
  }
}

function verdictOn(double: AgentDouble, call: ToolCall): GateVerdict {
  double.gated.push(call);
  const { actClass, forbidden } = classify(call);
  if (forbidden) return { verdict: "refused", message: `refused ${gateProbeCommand}` };
  if (actClass !== "red" && actClass !== "critical_red") return { verdict: "run" };
  const approvalId = `apr_${"0".repeat(32)}` as const;
  return { verdict: "parked", approvalId, message: `Parked as ${approvalId}: waiting for the customer's approval.` };
}

function redact(double: AgentDouble, text: string): string {
  return [...double.secrets].reduce((out, [name, value]) => out.replaceAll(value, `SECRET_REF(${name})`), text);
}
