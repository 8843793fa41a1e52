import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentConfig, PolicyBundle, VaultSeedEntry } from "@berth/contracts";
import { createIds, createLogger, isoOf, systemClock, untilTrue } from "@berth/platform";
import { createKeyFile } from "@berth/vault";
import { fetch } from "undici";
import { startTenantAgent, type TenantAgent } from "../agent.ts";
import type { AgentDeps } from "../deps.ts";
import { askAgent, startTestGateway } from "./test-gateway.ts";
import { startTestHub } from "./test-hub.ts";
import { startTestProxyControl } from "./test-proxy-control.ts";

const gatewayToken = "gateway-token-for-tests";
export const enrolmentToken = "enrolment-token-for-tests";
export const plantedValue = "planted-s3cret-value-0815";

const timing: AgentDeps["timing"] = {
  heartbeatMs: 100,
  retryMinMs: 10,
  retryMaxMs: 50,
  checkInMaxAgeMs: 60_000,
  probeTurnMs: 5_000,
  linkPingMs: 1_000,
  tickMs: 25,
};

export const policyOf = (
  tenantId: PolicyBundle["tenantId"],
  version: number,
  change: Partial<PolicyBundle> = {},
): PolicyBundle => ({
  tenantId,
  version,
  issuedAt: isoOf(systemClock.now()),
  agents: {
    main: {
      tier: 2,
      tools: ["run_command", "file", "http_request", "send_message", "schedule", "delegate"],
      unlockedChannels: [],
    },
  },
  egress: { allowHosts: ["api.example.com"], gatewayHosts: [] },
  budget: { tokensPerMonth: 1_000_000 },
  approvals: { expiresAfterMs: 86_400_000, maxOpenPerSession: 5 },
  toolsOff: false,
  ...change,
});

const seed: VaultSeedEntry[] = [
  {
    name: "api_key",
    value: plantedValue,
    owner: "customer",
    bindings: { tools: ["run_command"], hosts: [], methods: [] },
  },
  {
    name: "other_key",
    value: "another-s3cret-value",
    owner: "customer",
    bindings: { tools: ["http_request"], hosts: ["api.example.com"], methods: ["GET", "POST"] },
  },
  {
    name: "llm_key",
    value: "sk-llm-key-of-the-operator",
    owner: "operator",
    bindings: { tools: [], hosts: [], methods: [] },
  },
];

/** A machine as provisioning leaves it, with the Hub, the gateway and the proxy around it, and the real agent inside. */
export async function startTestMachine(options: { policy?: Partial<PolicyBundle> } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "agent-"));
  const at = (name: string) => join(dir, name);
  const tenantId = createIds(systemClock).next("tnt");
  const hub = await startTestHub({ clock: systemClock, tenantId, token: enrolmentToken });
  const gateway = await startTestGateway({ token: gatewayToken, wrapperSocket: at("wrapper.sock") });
  const proxy = await startTestProxyControl(at("control.sock"));
  mkdirSync(at("workspace"));
  createKeyFile(at("vault-key"));
  writeFileSync(at("gateway-token"), gatewayToken);
  writeFileSync(at("enrolment-token"), enrolmentToken);
  writeFileSync(at("vault-seed.json"), JSON.stringify({ secrets: seed }));
  writeFileSync(at("policy.jws"), await hub.sign("policy.update", policyOf(tenantId, 1, options.policy)));
  const config: AgentConfig = {
    tenantId,
    isolation: "process",
    hubUrl: hub.url,
    realtimeUrl: hub.realtimeUrl,
    hubKeys: [hub.key],
    stateDir: at("state"),
    workspaceDir: at("workspace"),
    vaultKeyFile: at("vault-key"),
    gatewayTokenFile: at("gateway-token"),
    enrolmentTokenFile: at("enrolment-token"),
    vaultSeedFile: at("vault-seed.json"),
    policyFile: at("policy.jws"),
    sockets: {
      wrapper: at("wrapper.sock"),
      egress: at("egress.sock"),
      admin: at("admin.sock"),
      proxyControl: at("control.sock"),
    },
    gatewayUrl: gateway.url,
    forwardProxyUrl: "http://127.0.0.1:9",
    commandRunner: { kind: "spawn", argv: [process.execPath, join(import.meta.dirname, "..", "command-runner.ts")] },
    llm: { anthropic: { baseUrl: "https://llm.example.com", keySecret: "llm_key" } },
  };
  const logLines: string[] = [];
  const log = createLogger({
    service: "tenant-agent",
    level: "debug",
    destination: { write: (line) => void logLines.push(line) },
  });
  const deps: AgentDeps = { clock: systemClock, ids: createIds(systemClock), random: () => 0.5, fetch, log, timing };
  let agent: TenantAgent | null = null;

  const ask = (path: string, body: unknown) => askAgent(config.sockets.wrapper, path, body);
  const call = (tool: string, args: object, extra: object = {}) => ({
    toolCallId: "c1",
    tool,
    args,
    agent: "main",
    sessionKey: "agent:main:main",
    runId: "r1",
    origin: "person",
    ...extra,
  });
  const checkIn = () =>
    ask("/v1/check-in", { version: "0.1.0", openclawVersion: "2026.9.6", pid: 1, tools: [], usage: [] });
  const machine = {
    dir,
    config,
    deps,
    hub,
    gateway,
    proxy,
    logLines,
    at,
    checkIn,
    agent: () => agent,
    async start(): Promise<TenantAgent> {
      agent = await startTenantAgent(config, deps);
      await checkIn();
      return agent;
    },
    /** Up, enrolled, and its gate proven. */
    async startReady(): Promise<TenantAgent> {
      const started = await machine.start();
      await untilTrue(() => started.status().gateVerified && started.status().enrolled && hub.link(), {
        timeoutMs: 30_000,
        what: `readiness (${logLines.slice(-3).join(" ")})`,
      });
      return started;
    },
    gate: async (tool: string, args: object, extra?: object) =>
      (await ask("/v1/gate", call(tool, args, extra))).answer as Record<string, string>,
    execute: async (tool: string, args: object, extra?: object) =>
      (await ask("/v1/execute", call(tool, args, extra))).answer as { ok: boolean; text: string },
    ask,
    async stopAgent(): Promise<void> {
      await agent?.stop();
      agent = null;
    },
    async stop(): Promise<void> {
      await machine.stopAgent();
      await Promise.all([hub.close(), gateway.close(), proxy.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return machine;
}
export type TestMachine = Awaited<ReturnType<typeof startTestMachine>>;
