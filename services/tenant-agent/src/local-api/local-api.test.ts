import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ProxyConfig } from "@berth/contracts";
import { createIds, createLogger, systemClock, untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { plantedValue, policyOf, startTestMachine, type TestMachine } from "../testing/test-machine.ts";
import { readValue } from "../vault-cli/read-value.ts";
import { runVaultCli } from "../vault-cli.ts";
import { noBody, route, serveSocket } from "./serve-socket.ts";

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });
let machine: TestMachine;
beforeEach(async () => {
  machine = await startTestMachine();
});
afterEach(() => machine.stop());

/** Lines of the proxy's configuration as they arrive. */
function followConfig(): ProxyConfig[] {
  const lines: ProxyConfig[] = [];
  request({ socketPath: machine.config.sockets.egress, path: "/v1/proxy-config" }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk) => {
      const whole = (text + chunk).split("\n");
      text = whole.pop() ?? "";
      lines.push(...whole.map((line) => ProxyConfig.parse(JSON.parse(line))));
    });
    // The agent ends it when it stops.
    response.on("error", () => undefined);
  })
    .on("error", () => undefined)
    .end();
  return lines;
}
const cli = (argv: string[], value = "") =>
  runVaultCli({
    argv: ["--socket", machine.config.sockets.admin, ...argv],
    readSecret: (prompt) => readValue(Readable.from([value]), () => undefined, prompt),
  });

test("the proxy gets its configuration at once, and again after each change of vault or policy", async () => {
  await machine.startReady();
  const lines = followConfig();
  await untilTrue(() => lines.length === 1, { timeoutMs: 10_000 });
  expect(lines[0]).toMatchObject({
    upstreams: { anthropic: { baseUrl: "https://llm.example.com", apiKey: "sk-llm-key-of-the-operator" } },
    allowHosts: ["api.example.com"],
    tokensPerMonth: 1_000_000,
  });
  expect(lines[0]?.secrets).toContainEqual({ name: "api_key", value: plantedValue });
  await cli(["set", "fresh_key", "--tool", "run_command"], "a-fresh-value-99\n");
  await untilTrue(() => lines.at(-1)?.secrets.some(({ value }) => value === "a-fresh-value-99"), { timeoutMs: 10_000 });
  const next = policyOf(machine.config.tenantId, 2, {
    egress: { allowHosts: ["other.example.com"], gatewayHosts: ["gateway.example.com"] },
  });
  machine.hub.addCommand("policy.update", await machine.hub.sign("policy.update", next));
  await untilTrue(() => lines.at(-1)?.allowHosts[0] === "other.example.com", { timeoutMs: 20_000 });
  expect(lines.at(-1)?.gatewayHosts).toEqual(["gateway.example.com"]);
});

test("an LLM key that is not in the vault leaves its provider out", async () => {
  await machine.startReady();
  await cli(["remove", "llm_key"]);
  const lines = followConfig();
  await untilTrue(() => lines.length === 1, { timeoutMs: 10_000 });
  expect(lines[0]?.upstreams).toEqual({});
});

test("the socket files have the modes that keep others out", async () => {
  await machine.startReady();
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const { wrapper, egress, admin } = machine.config.sockets;
  expect([modeOf(wrapper), modeOf(egress), modeOf(admin)]).toEqual([0o660, 0o660, 0o600]);
});

test("a secret stored while the agent runs is redacted and usable from then on", async () => {
  await machine.startReady();
  await cli(["set", "late_key", "--tool", "run_command"], "late-value-4711");
  const { answer } = await machine.ask("/v1/redact", { texts: ["it is late-value-4711"] });
  expect(answer).toEqual({ texts: ["it is SECRET_REF(late_key)"] });
});

const bare = (path: string) => ({
  path,
  mode: 0o660,
  maxBodyBytes: 10,
  routes: { "GET /x": route(noBody, () => ({ ok: true })) },
  ids: createIds(systemClock),
  log: createLogger({ service: "test", level: "silent" }),
});

test("a socket file left by a dead agent is replaced; one that is answered is not taken away", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sock-"));
  const stale = join(dir, "stale.sock");
  writeFileSync(stale, "");
  const first = await serveSocket(bare(stale));
  await expect(serveSocket(bare(stale))).rejects.toMatchObject({ code: "conflict" });
  await first.close();
  expect(existsSync(stale)).toBe(false);
  rmSync(dir, { recursive: true });
});
