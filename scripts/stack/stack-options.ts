import path from "node:path";
import type { Isolation } from "@berth/contracts";
import { canRunMachines } from "../system/system-packages.ts";
import type { Ports } from "./ports.ts";

export const root = path.resolve(import.meta.dirname, "../..");
/** The one staff person that a fresh Hub has. */
export const staffEmail = "staff@berth.test";
/** What is expensive to make and the same for every stack: the base image, OpenClaw's packages. */
export const cacheDir = path.join(root, ".berth/cache");

export interface StackOptions {
  /** Everything that this stack keeps: database, logs, keys, servers. */
  dataDir: string;
  mode: Isolation;
  ports: Ports;
  heartbeatIntervalMs: number;
  /** What the outside is: real where the environment says so, else an emulator. */
  env: Record<string, string | undefined>;
  /** One line about a long step. */
  say: (line: string) => void;
  /** Breaks a start off; what had been started by then is ended. */
  signal?: AbortSignal;
  /** Milliseconds between the pieces of an emulated model's answer. */
  llmPieceDelayMs?: number;
}

/** `machine` where it can run, unless something else was asked for. */
export const defaultMode = (): Isolation => (canRunMachines() ? "machine" : "process");
