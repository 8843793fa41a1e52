import { runOnServer } from "@berth/cloud";
import { fail, untilTrue } from "@berth/platform";

export type Unit = "openclaw" | "berth-agent" | "berth-egress";

/** A server of the lab, looked at from its console. */
export interface ServerUnits {
  /** Runs a shell line as root; answers its stdout. Throws with stderr unless it ends with 0. */
  shell(line: string, stdin?: string): Promise<string>;
  mainPid(unit: Unit): Promise<number>;
  /** kill -9 of the unit's main process; resolves when systemd has put another one in its place. */
  kill9(unit: Unit): Promise<void>;
}

export function unitsOf(labDir: string, name: string): ServerUnits {
  const shell = async (line: string, stdin?: string): Promise<string> => {
    const argv = ["sh", "-c", line];
    const ran = await runOnServer({ labDir, name, argv, ...(stdin === undefined ? {} : { stdin }) });
    if (ran.code !== 0) fail("unavailable", `"${line}" on the server ended with ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  };
  const show = async (unit: Unit, property: string) => Number(await shell(`systemctl show -P ${property} ${unit}`));
  const mainPid = (unit: Unit) => show(unit, "MainPID");
  return {
    shell,
    mainPid,
    async kill9(unit) {
      const [pid, restarts] = [await mainPid(unit), await show(unit, "NRestarts")];
      if (pid === 0) fail("conflict", `${unit} does not run, so it cannot be killed.`);
      await shell(`kill -9 ${pid}`);
      await untilTrue(
        async () => {
          const now = await mainPid(unit);
          return now !== 0 && now !== pid && (await show(unit, "NRestarts")) > restarts;
        },
        { timeoutMs: 60_000, intervalMs: 100, what: `Another ${unit} than ${pid}` },
      );
    },
  };
}
