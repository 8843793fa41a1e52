import { fail, untilTrue } from "@berth/platform";
import type { SupervisedProcess } from "../../stack/supervised-process.ts";

/** kill -9; resolves when another process is in its place, which need not be ready yet. */
export async function killProcess(victim: SupervisedProcess | undefined): Promise<void> {
  const pid = victim?.pid();
  if (!victim || pid === undefined) return fail("conflict", "It does not run, so it cannot be killed.");
  const restarts = victim.restarts();
  victim.kill9();
  await untilTrue(() => victim.restarts() > restarts && victim.pid() !== undefined && victim.pid() !== pid, {
    timeoutMs: 30_000,
    what: `Another ${victim.name} than ${pid}`,
  });
}
