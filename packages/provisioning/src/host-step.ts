import { fail, type Logger, sha256Hex } from "@berth/platform";
import type { Host, HostFile } from "./host.ts";
import type { StepReport } from "./host-inputs.ts";

/** One part of a server's set-up. It may be run any number of times and broken off anywhere. */
export interface HostStep {
  name: string;
  /** True when the server is already as this step wants it. Changes nothing. */
  done(host: Host): Promise<boolean>;
  apply(host: Host): Promise<void>;
}

/** True when every file is there with this content, mode and owner. */
export async function filesInPlace(host: Host, files: readonly HostFile[]): Promise<boolean> {
  const states = await host.inspectFiles(files.map((file) => file.path));
  return files.every((file) => {
    const state = states.get(file.path);
    const owned = state?.owner === null || state?.owner === file.owner;
    return state?.sha256 === sha256Hex(file.content) && state.mode === file.mode && owned;
  });
}

/** A step that is nothing but files. */
export const filesStep = (name: string, files: readonly HostFile[]): HostStep => ({
  name,
  done: (host) => filesInPlace(host, files),
  apply: (host) => host.putFiles(files),
});

/** Runs the steps in order, leaving out what is done. Throws `unavailable` if a step does not take. */
export async function runSteps(
  host: Host,
  steps: readonly HostStep[],
  options: { log: Logger; onStep: (report: StepReport) => void },
): Promise<void> {
  for (const step of steps) {
    const startedMs = performance.now();
    const changed = !(await step.done(host));
    if (changed) {
      await step.apply(host);
      if (!(await step.done(host))) fail("unavailable", `The step "${step.name}" did not take on the server.`);
    }
    const report = { name: step.name, ms: Math.round(performance.now() - startedMs), changed };
    options.log.info({ step: report.name, ms: report.ms, changed }, "host step");
    options.onStep(report);
  }
}
