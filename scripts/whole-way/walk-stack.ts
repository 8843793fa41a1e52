import { rmSync } from "node:fs";
import type { Isolation } from "@berth/contracts";
import { freePorts } from "../stack/ports.ts";
import { root, type StackOptions } from "../stack/stack-options.ts";
import { type Stack, startStack } from "../stack/start-stack.ts";
import { walkDir } from "./walk.ts";

export interface WalkStack {
  stack: Stack;
  options: StackOptions;
  /** Stops everything; the folder goes, too, unless it is to be kept. */
  end(keep?: boolean): Promise<void>;
}

/** A stack of its own on free ports, in a folder of its own, with emulators for all of the outside. */
export async function startWalkStack(input: {
  mode: Isolation;
  say: (line: string) => void;
  /** Breaks a start off; what had been started is ended. */
  signal?: AbortSignal;
  llmPieceDelayMs?: number;
}): Promise<WalkStack> {
  const { mode, say, signal, llmPieceDelayMs } = input;
  const options: StackOptions = {
    dataDir: walkDir(root),
    mode,
    ports: await freePorts(),
    heartbeatIntervalMs: 2000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, REDIS_URL: process.env.REDIS_URL },
    say,
    ...(signal ? { signal } : {}),
    ...(llmPieceDelayMs ? { llmPieceDelayMs } : {}),
  };
  const remove = () => rmSync(options.dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack(options);
    const end = async (keep = false): Promise<void> => {
      await stack.stop();
      if (!keep) remove();
    };
    return { stack, options, end };
  } catch (error) {
    remove();
    throw error;
  }
}
