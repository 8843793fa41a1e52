/** Entry of the detached supervisor of one server in mode `process`: `node supervise.ts <rootDir>`. */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, ProcessMark, signalGroup } from "./process-mark.ts";
import { readUnits, type UnitFile } from "./process-unit.ts";
import { marksDir, type RunningUnit, startUnit } from "./running-unit.ts";
import { claim, dropClaim, holdsClaim } from "./supervisor-claim.ts";

const tickMs = 200;
const restartDelayMsMax = 5_000;
/** A program that lived this long is started again at once. */
const steadyMs = 5_000;

interface Slot {
  running: RunningUnit | null;
  startedAt: number;
  restartDelayMs: number;
  /** Not before this time (monotonic ms). */
  nextStartAt: number;
}

/** Ends what a killed predecessor left running. */
async function endLeftovers(rootDir: string): Promise<void> {
  const dir = marksDir(rootDir);
  for (const name of await readdir(dir)) {
    const file = path.join(dir, name);
    const mark = ProcessMark.safeParse(JSON.parse((await readFile(file, "utf8")) || "null"));
    if (mark.success && isAlive(mark.data)) signalGroup(mark.data, "SIGKILL");
    await rm(file, { force: true });
  }
}

function afterEnd(slot: Slot): void {
  const now = performance.now();
  const steady = now - slot.startedAt > steadyMs;
  slot.restartDelayMs = steady ? 0 : Math.min(restartDelayMsMax, slot.restartDelayMs * 2 || 100);
  slot.nextStartAt = now + slot.restartDelayMs;
  slot.running = null;
}

function start(rootDir: string, slot: Slot, file: UnitFile): void {
  slot.startedAt = performance.now();
  try {
    slot.running = startUnit(rootDir, file);
    void slot.running.ended.then(() => afterEnd(slot));
  } catch (error) {
    // E.g. its log cannot be written: the other programs go on, this one is tried again.
    console.error(`${file.unit.name} cannot be started:`, error);
    afterEnd(slot);
  }
}

async function tick(rootDir: string, slots: Map<string, Slot>): Promise<void> {
  const units = await readUnits(rootDir);
  for (const [name, slot] of slots) {
    const wanted = units.get(name);
    if (slot.running && wanted?.version !== slot.running.version) {
      await slot.running.stop();
      slot.nextStartAt = 0;
    }
    if (!wanted) slots.delete(name);
  }
  for (const [name, file] of units) {
    const slot = slots.get(name) ?? { running: null, startedAt: 0, restartDelayMs: 0, nextStartAt: 0 };
    slots.set(name, slot);
    if (slot.running || performance.now() < slot.nextStartAt) continue;
    start(rootDir, slot, file);
  }
}

async function supervise(rootDir: string): Promise<void> {
  await mkdir(marksDir(rootDir), { recursive: true, mode: 0o700 });
  if (!(await claim(rootDir))) return;
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => stop.abort());
  }
  await endLeftovers(rootDir);
  const slots = new Map<string, Slot>();
  while (!stop.signal.aborted && (await holdsClaim(rootDir))) {
    await tick(rootDir, slots);
    await delay(tickMs, undefined, { signal: stop.signal }).catch(() => {});
  }
  await Promise.all([...slots.values()].map(async (slot) => slot.running?.stop()));
  if (await holdsClaim(rootDir)) await dropClaim(rootDir);
}

const rootDir = process.argv[2];
if (rootDir === undefined) throw new Error("usage: supervise.ts <rootDir>");
await supervise(rootDir);
process.exit(0);
