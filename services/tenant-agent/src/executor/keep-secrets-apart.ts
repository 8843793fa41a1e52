import type { RunJob } from "./run-command.ts";

const ignore = () => undefined;

/**
 * Commands share a uid, and with it all that guards one process from another. A command that is given a secret therefore
 * runs while no other does; those without one run side by side. First come, first served.
 */
export function keepSecretsApart(runJob: RunJob): RunJob {
  let lastAlone: Promise<unknown> = Promise.resolve();
  const sideBySide = new Set<Promise<unknown>>();
  return (job) => {
    const alone = job.secrets.length > 0;
    const before = alone ? Promise.all([lastAlone, ...sideBySide]) : lastAlone;
    const result = before.then(() => runJob(job));
    const over = result.then(ignore, ignore);
    if (alone) lastAlone = over;
    else {
      sideBySide.add(over);
      void over.then(() => sideBySide.delete(over));
    }
    return result;
  };
}
