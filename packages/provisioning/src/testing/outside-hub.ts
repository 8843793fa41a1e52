import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { EnrolInput, type EnrolResult, type HubKey, type PolicyBundle, type TenantId } from "@berth/contracts";
import { generateSigningKey, isoOf, readBody, signJws } from "@berth/platform";

export interface OutsideHub {
  port: number;
  hubKeys: HubKey[];
  /** Tokens that enrolled, in order. */
  tokens: string[];
  policyJws: string;
  close(): Promise<void>;
}

/** The other end of a server's first words: it enrols whoever asks, and is away for everything else. */
export async function startOutsideHub(tenantId: TenantId): Promise<OutsideHub> {
  const { privateKey, publicKey } = generateSigningKey();
  const hubKeys = [{ kid: "hub-1", publicKey }];
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    if (request.url !== "/api/tenant/v1/enrol") return void response.writeHead(503).end();
    readBody(request, 100_000).then(
      (body) => {
        tokens.push(EnrolInput.parse(JSON.parse(body.toString())).token);
        const result: EnrolResult = { tenantId, keyId: "server-1", hubKeys, heartbeatIntervalMs: 5000 };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
      },
      () => response.writeHead(400).end(),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const bundle: PolicyBundle = {
    tenantId,
    version: 1,
    issuedAt: isoOf(Date.UTC(2026, 0, 5)),
    agents: { main: { tier: 2, tools: ["run_command", "file"], unlockedChannels: [] } },
    egress: { allowHosts: [], gatewayHosts: [] },
    budget: { tokensPerMonth: null },
    approvals: { expiresAfterMs: 86_400_000, maxOpenPerSession: 5 },
    toolsOff: false,
  };
  return {
    port: (server.address() as AddressInfo).port, // a listening TCP server has one
    hubKeys,
    tokens,
    policyJws: await signJws({ payload: bundle, typ: "berth-policy+jws", kid: "hub-1", privateKey }),
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
