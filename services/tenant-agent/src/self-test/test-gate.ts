import type { GateState, PolicyBundle } from "@berth/contracts";
import { appErrorOf, isoOf, randomToken } from "@berth/platform";
import { gateProbeRefusal } from "@berth/policy";
import { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import { type ProbeCalls, probeCommand, twinCommand } from "../gate/probe-calls.ts";
import type { ToolsSwitch } from "../gate/tools-switch.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { GatewayHistory, textOf } from "../gateway/gateway-frames.ts";
import { probeSessionKey, probeTurnSession } from "../gateway/sessions.ts";
import type { ProxyControl } from "../hub/proxy-control.ts";
import type { ProbeTurns } from "./probe-turns.ts";
import type { WrapperPresence } from "./wrapper-presence.ts";

export interface TestGateDeps {
  policy: () => PolicyBundle | null;
  presence: WrapperPresence;
  proxy: Pick<ProxyControl, "state" | "expectProbe">;
  gateway: Pick<GatewayClient, "call" | "invokeTool">;
  probes: ProbeCalls;
  turns: ProbeTurns;
  toolsSwitch: ToolsSwitch;
  deps: Pick<AgentDeps, "clock" | "log" | "timing">;
}

/** Null if all is well, or what is wrong in plain words. */
type Check = () => Promise<string | null> | string | null;

/** Sends a forbidden call and its harmless twin through the real gateway; tools are on only while both go as they must. */
export function createGateTest(input: TestGateDeps) {
  const { gateway, proxy, probes, turns, toolsSwitch, deps } = input;
  // A change during a test makes the next one due again, so changes are counted, not flagged.
  let changes = 1;
  let changesProven = 0;
  let lastProblem: string | null = null;

  const withNonce = async (work: (nonce: string) => Promise<string | null>): Promise<string | null> => {
    const nonce = randomToken(18);
    probes.begin(nonce);
    try {
      return await work(nonce);
    } finally {
      probes.end(nonce);
    }
  };
  const invoke = (command: string) =>
    gateway.invokeTool({ tool: "run_command", args: { command }, sessionKey: probeSessionKey });

  /** A 404 would prove nothing: only our own words with this nonce count as refused. */
  const forbiddenIsRefused =
    (nonce: string): Check =>
    async () => {
      const { status, body } = await invoke(probeCommand(nonce));
      if (probes.reachedExecutor(nonce)) return "a forbidden call got past the gateway's gate";
      if (status === 403 && body.includes(gateProbeRefusal(probeCommand(nonce)))) return null;
      return `a forbidden call was not refused by the gate (HTTP ${status})`;
    };
  const twinRuns =
    (nonce: string): Check =>
    async () => {
      const { status, body } = await invoke(twinCommand(nonce));
      return status === 200 && body.includes(`berth-gate-twin-${nonce}`) && probes.reachedExecutor(nonce)
        ? null
        : `a harmless call did not run (HTTP ${status})`;
    };

  /** The same through a turn of the agent that the proxy answers itself: the path that a real model's calls take. */
  const turnIsGated = async (nonce: string): Promise<string | null> => {
    const sessionKey = probeTurnSession(nonce);
    const done = turns.expect(nonce, deps.timing.probeTurnMs);
    await proxy.expectProbe({ nonce, tool: "run_command", args: { command: probeCommand(nonce) } });
    const message = `Gate self-test ${nonce}`;
    await gateway.call("chat.send", { sessionKey, message, idempotencyKey: nonce }, z.unknown());
    if (!(await done)) return "the agent turn of the self-test did not come back";
    if (probes.reachedExecutor(nonce)) return "a forbidden call in an agent turn got past the gateway's gate";
    const { messages } = await gateway.call("chat.history", { sessionKey, limit: 20 }, GatewayHistory);
    const refused = messages.some(
      ({ role, content }) => role === "toolResult" && textOf(content).includes(gateProbeRefusal(probeCommand(nonce))),
    );
    return refused ? null : "a forbidden call in an agent turn was not refused by the gate";
  };
  /** Best effort: a session that stays is only untidy. */
  const forgetTurn = (nonce: string) =>
    gateway.call("sessions.delete", { key: probeTurnSession(nonce) }, z.unknown()).catch((error) => {
      deps.log.debug({ reason: appErrorOf(error).message }, "a probe session was not deleted");
    });

  const checks: Check[] = [
    () => (input.policy() ? null : "no policy has arrived yet"),
    () => (input.presence.fresh() ? null : "the safety wrapper is not checking in"),
    async () => {
      const state = await proxy.state();
      if (!state.configured) return "the egress proxy has no configuration";
      if (!state.ledgerWritable) return "the egress proxy cannot write its usage ledger: is the disk full?";
      return state.wrapperPresent ? null : "the egress proxy does not see the safety wrapper";
    },
    () => withNonce(async (nonce) => (await forbiddenIsRefused(nonce)()) ?? (await twinRuns(nonce)())),
    () =>
      changes !== changesProven ? withNonce((nonce) => turnIsGated(nonce).finally(() => forgetTurn(nonce))) : null,
  ];

  async function firstProblem(): Promise<string | null> {
    for (const check of checks) {
      const problem = await Promise.resolve()
        .then(check)
        .catch((error) => appErrorOf(error).publicMessage);
      if (problem !== null) return problem;
    }
    return null;
  }

  return {
    /** To be called when policy or gateway changed: the next test includes an agent turn. */
    requireTurn(): void {
      changes += 1;
    },
    async run(): Promise<GateState> {
      const seen = changes;
      const problem = await firstProblem();
      if (problem === null) {
        changesProven = seen;
        toolsSwitch.turnOn();
      } else {
        toolsSwitch.turnOff(`the gate self-test failed: ${problem}`);
        if (problem !== lastProblem) deps.log.error({ problem }, "gate self-test failed; tools are off");
      }
      lastProblem = problem;
      return { verified: problem === null, reason: problem, testedAt: isoOf(deps.clock.now()) };
    },
  };
}
export type GateTest = ReturnType<typeof createGateTest>;
