import { tmpdir } from "node:os";
import path from "node:path";
import { sha256Hex } from "@berth/platform";

/** Ports on 127.0.0.1 of one server. */
export interface HostPorts {
  gateway: number;
  llm: number;
  /** The executor's door out, and the gateway's. */
  forward: number;
  channel: number;
}

/** Where everything is on one server. Mode `process` has the same tree below a root folder, and other ports. */
export interface HostLayout {
  nodeBinary: string;
  openclawEntry: string;
  berthDir: string;
  wrapperDir: string;
  agentConfigFile: string;
  egressConfigFile: string;
  policyFile: string;
  openclawConfigFile: string;
  credentialsDir: string;
  /** As the processes read them. */
  vaultKeyFile: string;
  gatewayTokenFile: { agent: string; gateway: string };
  agentStateDir: string;
  egressStateDir: string;
  openclawStateDir: string;
  workspaceDir: string;
  enrolmentTokenFile: string;
  vaultSeedFile: string;
  sockets: { wrapper: string; egress: string; admin: string; proxyControl: string; command: string };
  ports: HostPorts;
}

export const machinePorts: HostPorts = { gateway: 18789, llm: 18790, forward: 18791, channel: 18792 };

const tree = (root: string, sockets: string) => ({
  openclawEntry: `${root}/opt/openclaw/node_modules/openclaw/openclaw.mjs`,
  berthDir: `${root}/opt/berth`,
  wrapperDir: `${root}/opt/safety-wrapper`,
  agentConfigFile: `${root}/etc/berth/agent.json`,
  egressConfigFile: `${root}/etc/berth/egress.json`,
  policyFile: `${root}/etc/berth/policy.jws`,
  openclawConfigFile: `${root}/etc/openclaw/openclaw.json`,
  credentialsDir: `${root}/etc/berth/credentials`,
  agentStateDir: `${root}/var/lib/berth-agent`,
  egressStateDir: `${root}/var/lib/berth-egress`,
  openclawStateDir: `${root}/var/lib/openclaw`,
  workspaceDir: `${root}/workspace`,
  enrolmentTokenFile: `${root}/var/lib/berth-agent/enrolment-token`,
  vaultSeedFile: `${root}/var/lib/berth-agent/vault-seed.json`,
  sockets: {
    wrapper: `${sockets}/wrapper/agent.sock`,
    egress: `${sockets}/egress/agent.sock`,
    admin: `${sockets}/admin/agent.sock`,
    proxyControl: `${sockets}/proxy/control.sock`,
    command: `${sockets}/command.sock`,
  },
});

/** A VPS: systemd hands each process its own copy of the credentials it may read. */
export const machineLayout: HostLayout = {
  ...tree("", "/run/berth"),
  nodeBinary: "/opt/node24/bin/node",
  vaultKeyFile: "/run/credentials/berth-agent.service/vault-key",
  gatewayTokenFile: {
    agent: "/run/credentials/berth-agent.service/gateway-token",
    gateway: "/run/credentials/openclaw.service/gateway-token",
  },
  ports: machinePorts,
};

/** A folder that plays a server; `openclawDir` is where the pinned OpenClaw is installed (it holds `node_modules`). */
export function processLayout(input: { rootDir: string; openclawDir: string; ports: HostPorts }): HostLayout {
  const layout = tree(input.rootDir, socketsDir(input.rootDir));
  const gatewayToken = `${layout.credentialsDir}/gateway-token`;
  return {
    ...layout,
    nodeBinary: process.execPath,
    openclawEntry: `${input.openclawDir}/node_modules/openclaw/openclaw.mjs`,
    vaultKeyFile: `${layout.credentialsDir}/vault-key`,
    gatewayTokenFile: { agent: gatewayToken, gateway: gatewayToken },
    ports: input.ports,
  };
}

/** In the server's folder, or under the temporary one where that is too deep: the kernel allows 104 to 108 bytes. */
function socketsDir(rootDir: string): string {
  // Not "run": that one is the supervisor's.
  const own = path.join(rootDir, "sockets");
  if (Buffer.byteLength(`${own}/wrapper/agent.sock`) < 100) return own;
  return path.join(tmpdir(), `berth-${sha256Hex(rootDir).slice(0, 12)}`);
}
