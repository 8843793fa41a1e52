import { readFileSync } from "node:fs";
import { EgressConfig } from "@berth/contracts";
import { createLogger, parseOrFail } from "@berth/platform";
import { startEgressProxy } from "./start-egress-proxy.ts";

const log = createLogger({ service: "egress-proxy", buffered: true });
const [, , configPath] = process.argv;

if (!configPath) {
  log.fatal("usage: egress-proxy <path of egress.json>");
  process.exit(64);
}
const config = parseOrFail(EgressConfig, JSON.parse(readFileSync(configPath, "utf8")), "egress configuration");
const proxy = await startEgressProxy(config, { log });
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    proxy.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
