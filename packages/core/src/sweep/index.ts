export { compareServers, type ServerComparison } from "./compare-servers.ts";
export { sweep } from "./sweep.ts";
