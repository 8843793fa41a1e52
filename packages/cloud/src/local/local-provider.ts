import type { Isolation } from "@berth/contracts";
import type { VpsProvider } from "../provider.ts";
import { startAllMachines, stopAllMachines } from "./machine/lab-power.ts";
import { createMachineProvider } from "./machine/machine-provider.ts";
import { createProcessProvider, startAllProcesses, stopAllProcesses } from "./process/process-provider.ts";

export interface LocalOptions {
  /** `machine`: real servers (Linux, root). `process`: child processes, without isolation, anywhere. */
  mode: Isolation;
  labDir: string;
  /** Where the base image of mode `machine` is. Default `<labDir>/cache`. */
  cacheDir?: string | undefined;
}

/** The provider `local`: servers on this machine. */
export const createLocalProvider = (options: LocalOptions): VpsProvider =>
  options.mode === "machine" ? createMachineProvider(options) : createProcessProvider(options);

/** Starts what should run but does not, e.g. after a restart of the machine. */
export const startAllServers = (options: LocalOptions): Promise<void> =>
  options.mode === "machine" ? startAllMachines(options) : startAllProcesses(options);

/** Stops everything in order; `startAllServers` brings the same servers back. */
export const stopAllServers = (options: LocalOptions): Promise<void> =>
  options.mode === "machine" ? stopAllMachines(options) : stopAllProcesses(options);
