import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CommandKind,
  commandJwsType,
  EnrolInput,
  HeartbeatInput,
  type HubKey,
  ReportApprovalInput,
  ReportApprovalOutcomeInput,
  ReportFoundSecretInput,
  ReportFoundSecretOutcomeInput,
  ReportSecretNamesInput,
  ReportUsageInput,
  type TenantCommand,
  TenantUpFrame,
} from "@berth/contracts";
import { type Clock, generateSigningKey, readBody, signJws, verifyRequest } from "@berth/platform";
import { type WebSocket, WebSocketServer } from "ws";

export type HubFault = "refuse" | "down" | null;

/** The Hub's side of the tenant API for tests: verifies every signature and parses every body with the contracts. */
export async function startTestHub(options: { clock: Clock; tenantId: string; token: string }) {
  const { clock, tenantId } = options;
  const signing = generateSigningKey();
  const key: HubKey = { kid: "hub-test", publicKey: signing.publicKey };
  const keys = new Map<string, string>();
  const seen = {
    enrolments: [] as EnrolInput[],
    heartbeats: [] as HeartbeatInput[],
    usage: [] as ReportUsageInput[],
    approvals: [] as ReportApprovalInput[],
    found: [] as ReportFoundSecretInput[],
    foundOutcomes: [] as { id: string; outcome: ReportFoundSecretOutcomeInput }[],
    secretNames: [] as ReportSecretNamesInput[],
    outcomes: [] as { id: string; outcome: ReportApprovalOutcomeInput }[],
    acks: [] as number[],
    unauthenticated: 0,
    frames: [] as TenantUpFrame[],
  };
  const commands: TenantCommand[] = [];
  let fault: HubFault = null;
  let loseNextAnswer = false;
  let usedBy: string | null = null;

  const enrol = (body: unknown): { status: number; answer: unknown } => {
    const input = EnrolInput.parse(body);
    seen.enrolments.push(input);
    if (input.token !== options.token || (usedBy !== null && usedBy !== input.publicKey))
      return { status: 401, answer: {} };
    usedBy = input.publicKey;
    keys.set("agent-key", input.publicKey);
    return { status: 200, answer: { tenantId, keyId: "agent-key", hubKeys: [key], heartbeatIntervalMs: 100 } };
  };

  const routes: [RegExp, (body: unknown, match: RegExpExecArray) => unknown][] = [
    [
      /^POST \/heartbeat$/,
      (body) => {
        seen.heartbeats.push(HeartbeatInput.parse(body));
        return {
          serverTime: new Date(clock.now()).toISOString(),
          heartbeatIntervalMs: 100,
          lastCommandSeq: commands.at(-1)?.seq ?? 0,
        };
      },
    ],
    [/^PUT \/usage$/, (body) => void seen.usage.push(ReportUsageInput.parse(body))],
    [/^POST \/approvals$/, (body) => void seen.approvals.push(ReportApprovalInput.parse(body))],
    [
      /^POST \/approvals\/(apr_\w+)\/outcome$/,
      (body, match) => void seen.outcomes.push({ id: match[1] ?? "", outcome: ReportApprovalOutcomeInput.parse(body) }),
    ],
    [/^POST \/found-secrets$/, (body) => void seen.found.push(ReportFoundSecretInput.parse(body))],
    [
      /^POST \/found-secrets\/(fnd_\w+)\/outcome$/,
      (body, match) => {
        const outcome = ReportFoundSecretOutcomeInput.parse(body);
        seen.foundOutcomes.push({ id: match[1] ?? "", outcome });
      },
    ],
    [/^POST \/secret-names$/, (body) => void seen.secretNames.push(ReportSecretNamesInput.parse(body))],
    [
      /^GET \/commands\?after=(\d+)$/,
      (_body, match) => ({ commands: commands.filter(({ seq }) => seq > Number(match[1])) }),
    ],
    [/^POST \/commands\/ack$/, (body) => void seen.acks.push((body as { upToSeq: number }).upToSeq)],
  ];

  const verify = (request: IncomingMessage, body: Buffer) =>
    verifyRequest({
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body,
      publicKeyOf: async (id) => keys.get(id) ?? null,
      clock,
    });

  async function answer(request: IncomingMessage): Promise<{ status: number; answer: unknown }> {
    const body = await readBody(request, 1_000_000);
    const json: unknown = body.length > 0 ? JSON.parse(body.toString()) : null;
    const line = `${request.method} ${(request.url ?? "").replace("/api/tenant/v1", "")}`;
    if (fault === "down") return { status: 503, answer: {} };
    if (fault === "refuse") return { status: 422, answer: {} };
    if (line === "POST /enrol") return enrol(json);
    try {
      await verify(request, body);
    } catch {
      seen.unauthenticated += 1;
      return { status: 401, answer: {} };
    }
    for (const [pattern, run] of routes) {
      const match = pattern.exec(line);
      if (match) return { status: 200, answer: run(json, match) ?? {} };
    }
    return { status: 404, answer: {} };
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, answer: body }) => {
        if (loseNextAnswer) {
          loseNextAnswer = false;
          request.socket.destroy();
        } else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      },
      () => response.writeHead(500).end(),
    );
  });
  const sockets = new WebSocketServer({ noServer: true });
  let link: WebSocket | null = null;
  server.on("upgrade", (request, socket, head) => {
    verify(request, Buffer.alloc(0)).then(
      () =>
        sockets.handleUpgrade(request, socket, head, (opened) => {
          link = opened;
          opened.on("message", (data) => seen.frames.push(TenantUpFrame.parse(JSON.parse(data.toString()))));
        }),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // A TCP server has no other kind of address.

  const sign = (kind: CommandKind, payload: object) =>
    signJws({ payload, typ: commandJwsType[kind], kid: key.kid, privateKey: signing.privateKey });
  return {
    url: `http://127.0.0.1:${port}`,
    realtimeUrl: `ws://127.0.0.1:${port}`,
    key,
    seen,
    sign,
    link: () => link,
    setFault: (next: HubFault) => {
      fault = next;
    },
    /** The request is worked, but its answer never arrives. */
    loseNextAnswer: () => {
      loseNextAnswer = true;
    },
    addCommand(kind: CommandKind, jws: string): TenantCommand {
      const command = { seq: (commands.at(-1)?.seq ?? 0) + 1, kind, jws };
      commands.push(command);
      return command;
    },
    send: (frame: unknown) => link?.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    dropLink: () => link?.terminate(),
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type TestHub = Awaited<ReturnType<typeof startTestHub>>;
