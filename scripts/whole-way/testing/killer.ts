import type { OrderStep } from "@berth/contracts";
import { fail, untilTrue } from "@berth/platform";
import { readOrder } from "../checkout.ts";
import { openConsole } from "../customer-console.ts";
import type { WalkStack } from "../walk-stack.ts";
import type { Interlude, Moment, Question } from "../way.ts";
import { killProcess } from "./kill-process.ts";
import { type ServerUnits, type Unit, unitsOf } from "./server-units.ts";

type HubProcess = "hub" | "realtime" | "worker";
const patience = { timeoutMs: 180_000, intervalMs: 100 };

/** The one server of a stack in mode `machine`. */
export async function serverOf({ stack }: WalkStack): Promise<ServerUnits> {
  const { serverNames } = await openConsole("machine", stack.labDir);
  return unitsOf(stack.labDir, serverNames[0] ?? fail("not_found", "There is no server."));
}

/** Kills every part of Berth in the middle of a walk; each kill waits until another process is in the victim's place. */
export function createKiller(walkStack: WalkStack) {
  const { addresses, processes } = walkStack.stack;
  const killed: string[] = [];
  const beside: Promise<void>[] = [];
  let callsBefore = 0;

  const here = async (name: HubProcess, when: string): Promise<void> => {
    await killProcess(processes[name]);
    killed.push(`${name}: ${when}`);
  };
  const onServer = async (unit: Unit, when: string): Promise<void> => {
    await (await serverOf(walkStack)).kill9(unit);
    killed.push(`${unit}: ${when}`);
  };
  const modelCalls = async (): Promise<number> => {
    const usage: unknown = await (await fetch(`${addresses.llm}/_emulator/usage`)).json();
    return Number((usage as { calls: unknown }).calls); // the emulator's own page, of this repository
  };

  /** Three workers die while one order moves. */
  async function killWorkers({ browser, orderId }: Extract<Moment, { at: "paid" | "active" }>): Promise<void> {
    const stateNow = async () => (await readOrder(addresses, browser, orderId)).state;
    const untilIn = (state: OrderStep["state"]) =>
      untilTrue(async () => (await stateNow()) === state, { ...patience, what: `An order in ${state}` });
    const gatewayStarts = async () => (await (await serverOf(walkStack)).mainPid("openclaw").catch(() => 0)) > 0;
    await untilIn("SERVER_REQUESTED");
    await here("worker", "as the server is ordered");
    await untilIn("PROVISIONING");
    await here("worker", "as provisioning starts");
    await untilTrue(gatewayStarts, { ...patience, what: "A gateway that starts" });
    if ((await stateNow()) !== "PROVISIONING") fail("conflict", "Provisioning did not wait for the gateway.");
    await here("worker", "while provisioning waits for the gateway");
  }

  const whileAsked: Record<Question, () => Promise<void>> = {
    "type the secret": () => here("realtime", "between question and answer"),
    write: () => onServer("openclaw", "in the middle of a turn"),
    "red act": () => onServer("berth-egress", "in the middle of a model's answer"),
    "second red act": () => onServer("berth-agent", "in the middle of a turn"),
  };

  const interlude: Interlude = async (moment) => {
    switch (moment.at) {
      case "paid":
        await here("hub", "right after the payment");
        beside.push(killWorkers(moment));
        return;
      case "active":
        await Promise.all(beside);
        return;
      case "asking":
        callsBefore = await modelCalls();
        return;
      case "asked":
        // The emulated model takes its time over each piece, so it is now in the middle of its answer.
        await untilTrue(async () => (await modelCalls()) > callsBefore, { ...patience, intervalMs: 10 });
        return whileAsked[moment.what]();
      case "parked":
        await onServer("berth-agent", "with a call parked");
        return here("hub", "right before the decision");
      case "approved":
        await here("hub", "right after the decision");
        return onServer("openclaw", "with a decision on its way");
      case "executed":
        return here("realtime", "as the outcome is told");
      case "settling":
        return here("worker", "while usage is reported");
    }
  };
  return { interlude, killed };
}
