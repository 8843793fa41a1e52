import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApprovalRequest, type ApprovalState, type ToolCall } from "@berth/contracts";
import { AppError, argumentsSha256, createIds, isoOf, ManualClock } from "@berth/platform";
import { classify } from "@berth/policy";
import { generateVaultKey } from "@berth/vault";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { parkCall } from "../gate/park-call.ts";
import { createProbeCalls } from "../gate/probe-calls.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import { createOutbox } from "../ledger/outbox.ts";
import { policyOf } from "../testing/test-machine.ts";
import { createApprovalStore } from "./approval-store.ts";
import { createApprovedRunner, failInterrupted, type RunApprovedDeps } from "./run-approved.ts";
import { expireOverdue, takeDecision } from "./settle-approval.ts";

vi.setConfig({ testTimeout: 60_000 });
const tenantId = `tnt_${"a".repeat(32)}` as const;
let dir: string;
let key: Uint8Array;
let files = 0;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "approvals-"));
  key = generateVaultKey();
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Thrown in the middle of an execution: what a kill -9 leaves behind. */
class Killed extends Error {}

/** The approvals of one machine over several lives of its agent; executions are counted, whatever life they ran in. */
function createWorld() {
  const clock = new ManualClock();
  const ids = createIds(clock);
  files += 1;
  const file = join(dir, `ledger-${files}.db`);
  const executions: string[] = [];
  let killNext = false;
  let off: string | null = null;
  const open = () => {
    const ledger = openLedger({ file, key, clock });
    const secrets = {
      redact: (text: string) => text,
      redactJson: <T>(value: T): T => value,
      find: () => null,
      names: () => [],
    };
    const running: RunApprovedDeps = {
      ledger,
      store: createApprovalStore(ledger),
      outbox: createOutbox(ledger),
      tenantId,
      redact: secrets.redact,
      deps: { clock },
      onSettled: () => undefined,
      judge: {
        policy: () => policyOf(tenantId, 1),
        workspaceDir: "/workspace",
        secrets,
        probes: createProbeCalls(clock),
        toolsOff: () => off,
      },
      execute: async (_tool, call) => {
        executions.push(argumentsSha256(call.args));
        if (killNext) {
          killNext = false;
          throw new Killed();
        }
        return { ok: true, text: "done" };
      },
    };
    return { running, runner: createApprovedRunner(running), parking: { ...running, secrets, deps: { clock, ids } } };
  };
  let life = open();
  failInterrupted(life.running);

  const callOf = (path: string, sessionKey: string): ToolCall => ({
    toolCallId: "c",
    tool: "file",
    args: { op: "delete", path },
    agent: "main",
    sessionKey,
    runId: null,
    origin: "person",
  });
  return {
    clock,
    executions,
    store: () => life.running.store,
    ledger: () => life.running.ledger,
    outbox: () => life.running.outbox,
    park(path: string, sessionKey = "agent:main:main", maxOpenPerSession = 3) {
      const call = callOf(path, sessionKey);
      const limits = { expiresAfterMs: 60_000, maxOpenPerSession };
      return parkCall(life.parking, call, classify(call), limits);
    },
    parkTool(tool: string, args: ToolCall["args"], maxOpenPerSession: number) {
      const call = { ...callOf("", "agent:main:main"), tool, args };
      return parkCall(life.parking, call, classify(call), { expiresAfterMs: 60_000, maxOpenPerSession });
    },
    decide(id: string, outcome: "approved" | "denied" | "cancelled" | "expired", nonce: string, lifeMs = 30_000) {
      const argumentsSha256 = life.running.store.get(id).argumentsSha256;
      takeDecision(life.running, {
        tenantId,
        approvalId: id,
        argumentsSha256,
        outcome,
        nonce: nonce.padEnd(16, "_"),
        decidedAt: isoOf(clock.now()),
        expiresAt: isoOf(clock.now() + lifeMs),
        decidedBy: "customer",
        note: null,
      });
    },
    expire: () => expireOverdue(life.running),
    run: () => life.runner.drain(),
    switchTools(reason: string | null) {
      off = reason;
    },
    killDuringNext() {
      killNext = true;
    },
    restart() {
      life.running.ledger.close();
      life = open();
      failInterrupted(life.running);
    },
    /** All facts for the Hub and all wakes that wait, in order. */
    sent(lane: "hub" | "gateway") {
      const messages: { path: string; body: Record<string, unknown> }[] = [];
      for (let next = life.running.outbox.first(lane); next; next = life.running.outbox.first(lane)) {
        messages.push({ path: next.path, body: JSON.parse(next.body) });
        life.running.outbox.delivered(next.id);
      }
      return messages;
    },
    close: () => life.running.ledger.close(),
  };
}

const idOf = (verdict: ReturnType<ReturnType<typeof createWorld>["park"]>): string =>
  verdict.verdict === "parked" ? verdict.approvalId : "";

test("a killed agent never runs an approved call a second time; it reports and says that it was interrupted", async () => {
  const world = createWorld();
  const id = idOf(world.park("a"));
  world.decide(id, "approved", "n1");
  world.killDuringNext();
  await expect(world.run()).rejects.toBeInstanceOf(Killed);
  world.restart();
  await world.run();
  expect(world.executions).toHaveLength(1);
  expect(world.store().get(id)).toMatchObject({ state: "approved", execution: "failed" });
  expect(world.sent("hub").at(-1)?.body).toMatchObject({ kind: "executed", execution: "failed" });
  expect(world.sent("gateway").map(({ body }) => String(body.message))).toEqual([
    expect.stringContaining("interrupted"),
  ]);
  world.close();
});

test("killed between the decision and the run, it runs in the next life, once", async () => {
  const world = createWorld();
  const id = idOf(world.park("a"));
  world.decide(id, "approved", "n1");
  world.restart();
  await world.run();
  await world.run();
  expect(world.executions).toHaveLength(1);
  expect(world.store().get(id).execution).toBe("succeeded");
  world.close();
});

test("while tools are off an approved call waits; when its grant has run out it fails instead of running", async () => {
  const world = createWorld();
  const id = idOf(world.park("a"));
  world.decide(id, "approved", "n1", 5_000);
  world.switchTools("the self-test failed");
  await world.run();
  expect(world.store().get(id).execution).toBe("queued");
  world.clock.advance(5_001);
  world.switchTools(null);
  await world.run();
  expect(world.executions).toEqual([]);
  expect(world.store().get(id).execution).toBe("failed");
  world.close();
});

test("at its deadline a request expires by this machine's clock, and a grant that comes later makes nothing run", async () => {
  const world = createWorld();
  const id = idOf(world.park("a"));
  world.clock.advance(59_999);
  expect(world.expire()).toBe(0);
  world.clock.advance(1);
  expect(() => world.decide(id, "approved", "n1")).toThrow("had expired");
  expect(world.expire()).toBe(1);
  expect(() => world.decide(id, "approved", "n2")).toThrow("cannot go from expired to approved");
  await world.run();
  expect(world.executions).toEqual([]);
  expect(world.sent("hub").at(-1)?.body).toMatchObject({ kind: "closed", state: "expired" });
  expect(world.sent("gateway")).toHaveLength(1);
  world.close();
});

test("at most so many wait in a session; another session is not held up", () => {
  const world = createWorld();
  expect(world.parkTool("file", { op: "delete", path: "a" }, 2).verdict).toBe("parked");
  expect(world.parkTool("run_command", { command: "rm b" }, 2).verdict).toBe("parked");
  expect(world.parkTool("send_message", { channel: "x", to: "y", text: "z" }, 2)).toMatchObject({
    verdict: "refused",
    message: expect.stringContaining("2 calls"),
  });
  expect(world.park("c", "agent:main:other", 2).verdict).toBe("parked");
  world.close();
});

test("arguments are kept as long as they may run, and no longer", async () => {
  const world = createWorld();
  const kept = (id: string) =>
    z
      .object({ n: z.int() })
      .parse(world.ledger().db.prepare("SELECT length(arguments_sealed) AS n FROM approvals WHERE id = ?").get(id)).n >
    0;
  const superseded = idOf(world.park("a"));
  const run = idOf(world.park("b"));
  const denied = idOf(world.park("c", "agent:main:other"));
  world.decide(denied, "denied", "n1");
  world.decide(run, "approved", "n2");
  expect([superseded, denied, run].map(kept)).toEqual([false, false, true]);
  await world.run();
  expect(world.store().get(run).execution).toBe("succeeded");
  expect(kept(run)).toBe(false);
  world.close();
});

test("stored arguments that were tampered with fail, run nothing, and do not hold up the next", async () => {
  const world = createWorld();
  const bad = idOf(world.park("bad.txt"));
  const good = idOf(world.park("good.txt", "agent:main:other"));
  world
    .ledger()
    .db.prepare(
      "UPDATE approvals SET arguments_sealed = (SELECT arguments_sealed FROM approvals WHERE id = ?) WHERE id = ?",
    )
    .run(good, bad);
  world.decide(bad, "approved", "n1");
  world.decide(good, "approved", "n2");
  await world.run();
  expect(world.store().get(bad)).toMatchObject({ state: "approved", execution: "failed" });
  expect(world.store().get(good).execution).toBe("succeeded");
  expect(world.executions).toHaveLength(1);
  world.close();
});

test("not even many sessions can fill the customer's list: at the limit of the machine a call is refused", () => {
  const world = createWorld();
  for (let at = 0; at < 50; at += 1) expect(world.park("a", `agent:main:s${at}`).verdict).toBe("parked");
  expect(world.park("a", "agent:main:more")).toMatchObject({ verdict: "refused" });
  expect(world.park("b", "agent:main:s1").verdict).toBe("parked");
  world.close();
});

test("arguments too large to be shown to a person are refused, not parked unseen", () => {
  const world = createWorld();
  const verdict = world.parkTool("file", { op: "write", path: ".git/hooks/x", content: "ä".repeat(400_000) }, 3);
  expect(verdict).toMatchObject({ verdict: "refused", message: expect.stringContaining("too large") });
  expect(world.sent("hub")).toEqual([]);
  world.close();
});

test("the exact arguments are sealed in the ledger, and moved ones do not open", () => {
  const world = createWorld();
  const first = idOf(world.park("first.txt"));
  const second = idOf(world.park("second.txt", "agent:main:other"));
  expect(world.store().argumentsOf(first)).toEqual({ op: "delete", path: "first.txt" });
  expect(ApprovalRequest.parse(world.sent("hub")[0]?.body).id).toBe(first);
  expect(first).not.toBe(second);
  world.close();
});

type Step =
  | { kind: "park"; path: string; session: string }
  | { kind: "decide"; which: number; outcome: "approved" | "denied" | "cancelled"; nonce: number }
  | { kind: "advance"; ms: number }
  | { kind: "run" | "restart" | "kill" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("park" as const),
    path: fc.constantFrom("a", "b", "c"),
    session: fc.constantFrom("agent:main:main", "agent:main:other"),
  }),
  fc.record({
    kind: fc.constant("decide" as const),
    which: fc.nat(9),
    outcome: fc.constantFrom("approved" as const, "denied" as const, "cancelled" as const),
    nonce: fc.nat(5),
  }),
  fc.record({ kind: fc.constant("advance" as const), ms: fc.nat(40_000) }),
  fc.record({ kind: fc.constantFrom("run" as const, "restart" as const, "kill" as const) }),
);

test("whatever happens in whatever order: one outcome each, and at most one execution, of approved ones only", async () => {
  const ended = new Set<ApprovalState>(["approved", "denied", "expired", "cancelled", "superseded"]);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const world = createWorld();
      const parked: string[] = [];
      const outcomeOf = new Map<string, ApprovalState>();
      for (const next of steps) {
        if (next.kind === "park") {
          const id = idOf(world.park(next.path, next.session));
          if (id && !parked.includes(id)) parked.push(id);
        } else if (next.kind === "decide" && parked.length > 0) {
          const id = parked[next.which % parked.length] ?? "";
          try {
            world.decide(id, next.outcome, `nonce-${next.nonce}`);
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
          }
        } else if (next.kind === "advance") {
          world.clock.advance(next.ms);
          world.expire();
        } else if (next.kind === "run" || next.kind === "kill") {
          if (next.kind === "kill") world.killDuringNext();
          await world.run().catch((error) => {
            if (!(error instanceof Killed)) throw error;
            world.restart();
          });
        } else world.restart();
        for (const id of parked) {
          const { state } = world.store().get(id);
          const before = outcomeOf.get(id);
          if (before) expect(state).toBe(before);
          if (ended.has(state)) outcomeOf.set(id, state);
        }
      }
      await world.run().catch(() => world.restart());
      const approved = parked.filter((id) => outcomeOf.get(id) === "approved");
      const startedOnce = approved.filter((id) => world.store().get(id).execution !== "queued").length;
      expect(world.executions.length).toBeLessThanOrEqual(startedOnce);
      for (const id of parked.filter((one) => !approved.includes(one))) {
        expect(world.store().get(id).execution).toBe("none");
      }
      const closings = world
        .sent("hub")
        .filter(({ path }) => path.endsWith("/outcome"))
        .map(({ path }) => path);
      expect(new Set(closings).size).toBe(closings.length);
      world.close();
    }),
    { numRuns: 60 },
  );
});
