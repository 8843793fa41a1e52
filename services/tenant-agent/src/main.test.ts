import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isoOf, randomToken, systemClock, untilTrue } from "@berth/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { plantedValue, startTestMachine, type TestMachine } from "./testing/test-machine.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 40_000 });
let machine: TestMachine;
let child: ChildProcess | null = null;
let output = "";
beforeEach(async () => {
  machine = await startTestMachine();
  writeFileSync(machine.at("agent.json"), JSON.stringify(machine.config));
  output = "";
});
afterEach(async () => {
  await end("SIGKILL");
  await machine.stop();
});

const until = <T>(probe: () => T | Promise<T>, what: string) => untilTrue(probe, { timeoutMs: 40_000, what });

async function end(signal: NodeJS.Signals): Promise<number | null> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  return child.exitCode;
}

/** A life of the agent as the service manager would start it. */
async function live(): Promise<void> {
  child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), machine.at("agent.json")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  await until(
    () =>
      machine.checkIn().then(
        ({ status }) => status === 200,
        () => false,
      ),
    "the wrapper socket",
  );
}
const verified = (from: number) =>
  until(() => machine.hub.seen.heartbeats.slice(from).some(({ gate }) => gate.verified), "a verified heartbeat");

async function approve(approval: { id: string; argumentsSha256: string }) {
  const { tenantId } = machine.config;
  const jws = await machine.hub.sign("approval.decision", {
    tenantId,
    approvalId: approval.id,
    argumentsSha256: approval.argumentsSha256,
    outcome: "approved",
    nonce: randomToken(),
    decidedAt: isoOf(systemClock.now()),
    expiresAt: isoOf(systemClock.now() + 60_000),
    decidedBy: "customer",
    note: null,
  });
  machine.hub.send({ type: "command", command: machine.hub.addCommand("approval.decision", jws) });
}

test("kill -9 in the middle of an approved command: it ran once, is reported as failed, and everything goes on", async () => {
  await live();
  await verified(0);
  const command = "rm -f gone; echo SECRET_REF(api_key) | wc -c >> ran; sleep 3";
  const verdict = await machine.gate("run_command", { command });
  expect(verdict.verdict).toBe("parked");
  const approval = await until(() => machine.hub.seen.approvals[0], "the approval");
  await approve(approval);
  await until(() => existsSync(machine.at("workspace/ran")), "the command's first act");
  await end("SIGKILL");
  const beats = machine.hub.seen.heartbeats.length;
  await live();
  await verified(beats);
  await until(() => machine.hub.seen.outcomes.length === 1, "the outcome");
  expect(machine.hub.seen.outcomes).toMatchObject([{ id: approval.id, outcome: { execution: "failed" } }]);
  await until(
    () => machine.gateway.calls.some(({ params }) => String(params.message).includes("interrupted")),
    "the wake",
  );
  expect(readFileSync(machine.at("workspace/ran"), "utf8").trim()).toBe(String(plantedValue.length + 1));
  expect(machine.hub.seen.enrolments).toHaveLength(1);
  expect(output).not.toContain(plantedValue);
});

test("SIGTERM ends the process cleanly, and what is its own is readable by nobody else", async () => {
  await live();
  await verified(0);
  for (const name of ["vault.db", "vault.db-wal", "ledger.db", "ledger.db-wal", "identity.key"]) {
    expect(statSync(machine.at(`state/${name}`)).mode & 0o077, name).toBe(0);
  }
  expect(await end("SIGTERM")).toBe(0);
  expect(existsSync(machine.config.sockets.wrapper)).toBe(false);
});

test("a configuration that is not valid, or a vault key that is not the right one, stops the start with a reason", async () => {
  await live();
  await end("SIGTERM");
  writeFileSync(machine.config.vaultKeyFile, "A".repeat(43));
  const started = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), machine.at("agent.json")]);
  let text = "";
  started.stdout.on("data", (chunk) => (text += chunk));
  expect((await once(started, "exit"))[0]).toBe(1);
  expect(text).toContain("does not open with this key");
});
