import { readFileSync } from "node:fs";
import { AgentConfig } from "@berth/contracts";
import { createIds, createLogger, parseOrFail, systemClock } from "@berth/platform";
import { fetch } from "undici";
import { startTenantAgent } from "./agent.ts";
import { defaultTiming } from "./deps.ts";

const log = createLogger({ service: "tenant-agent" });
const configFile = process.argv[2];
if (!configFile) {
  log.fatal("usage: tenant-agent <path of agent.json>");
  process.exit(64);
}

// What the agent makes in the workspace is for its group too; what is its own it makes 0600 by name.
process.umask(0o007);

try {
  const config = parseOrFail(AgentConfig, JSON.parse(readFileSync(configFile, "utf8")), "agent's configuration");
  const agent = await startTenantAgent(config, {
    clock: systemClock,
    ids: createIds(systemClock),
    random: Math.random,
    fetch,
    log,
    timing: defaultTiming,
  });
  log.info({ tenantId: config.tenantId }, "tenant agent is up");
  const stop = (signal: string) => {
    log.info({ signal }, "stopping");
    // What hangs must not keep the service manager waiting; the ledger survives an end at any moment.
    setTimeout(() => process.exit(1), 10_000).unref();
    agent.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (error) {
  log.fatal({ err: error }, "the tenant agent cannot start");
  process.exit(1);
}
