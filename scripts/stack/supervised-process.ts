import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fail, untilTrue } from "@berth/platform";

export interface ProcessPlan {
  name: string;
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  logFile: string;
  /** Answers true once the process does its work. */
  ready: () => Promise<boolean>;
  readyTimeoutMs?: number;
}

export interface SupervisedProcess {
  name: string;
  pid(): number | undefined;
  restarts(): number;
  /** kill -9; it is started again like after any other death. */
  kill9(): void;
  waitUntilReady(): Promise<void>;
  stop(): Promise<void>;
}

const restartDelayMs = 300;
const stopTimeoutMs = 15_000;

/** Starts a child, starts it again whenever it dies, and ends it with SIGTERM (SIGKILL after 15 s). */
export function superviseProcess(plan: ProcessPlan): SupervisedProcess {
  let child: ChildProcess | undefined;
  let stopping = false;
  let restarts = 0;
  let lastExit = "";

  const startAgain = (): void => {
    if (stopping) return;
    restarts += 1;
    start();
  };
  const start = (): void => {
    const log = openSync(plan.logFile, "a", 0o600);
    const [file = "", ...args] = plan.argv;
    child = spawn(file, args, { cwd: plan.cwd, env: plan.env, stdio: ["ignore", log, log] });
    closeSync(log);
    child.on("error", (error) => {
      lastExit = error.message;
    });
    child.once("exit", (code, signal) => {
      lastExit = `exit ${code ?? signal}`;
      if (!stopping) void delay(restartDelayMs).then(startAgain);
    });
  };
  start();

  const waitUntilReady = async (): Promise<void> => {
    const ready = () => plan.ready().catch(() => false);
    await untilTrue(ready, { timeoutMs: plan.readyTimeoutMs ?? 60_000, intervalMs: 100 }).catch((cause: unknown) =>
      fail("unavailable", `${plan.name} did not start (${lastExit || "no exit"}). Its log: ${plan.logFile}`, { cause }),
    );
  };

  return {
    name: plan.name,
    pid: () => child?.pid,
    restarts: () => restarts,
    kill9: () => void child?.kill("SIGKILL"),
    waitUntilReady,
    stop: async () => {
      stopping = true;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child?.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child?.kill("SIGKILL"), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** True once an HTTP GET of `url` answers with a status below 500. */
export const answers = (url: string) => async (): Promise<boolean> =>
  (await fetch(url, { signal: AbortSignal.timeout(2000) })).status < 500;
