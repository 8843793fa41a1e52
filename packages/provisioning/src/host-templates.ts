import { readFileSync } from "node:fs";
import { Eta } from "eta";
import { gatewayEnvironment } from "./gateway-setup.ts";
import { type HostPorts, machineLayout } from "./host-layout.ts";

const folder = new URL("../../../infra/host/", import.meta.url);
// Units and firewall rules are no HTML: escaping would corrupt them. All inputs are numbers, booleans or our own names.
const eta = new Eta({ autoEscape: false, autoTrim: false });

const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const render = (file: string, values: object): string => eta.renderString(read(file), values);

export interface FirewallInputs {
  users: { openclaw: string; agent: string; egress: string };
  ports: HostPorts;
  sshOpen: boolean;
}

export interface UnitInputs {
  gatewayHeapMb: number;
  gatewayMemoryMb: number;
  commandMemoryMb: number;
  commandCpuPercent: number;
}

export const hostUsers = { openclaw: "openclaw", agent: "berth-agent", egress: "berth-egress" } as const;

/** What a server with 4 GB gives each process; OpenClaw peaks at 1.6 GB. */
export const defaultUnitInputs: UnitInputs = {
  gatewayHeapMb: 1024,
  gatewayMemoryMb: 2048,
  commandMemoryMb: 512,
  commandCpuPercent: 100,
};

/** The nftables rules of one server. */
export const firewallRules = (inputs: FirewallInputs): string => render("firewall.nft.eta", inputs);

/** Every systemd unit of a server, by file name. */
export function systemdUnits(inputs: UnitInputs): Record<string, string> {
  const environment = Object.entries(gatewayEnvironment(machineLayout)).map(
    ([name, value]) => `Environment=${name}=${value}`,
  );
  const values = { ...inputs, hardening: read("hardening.conf").trimEnd(), gatewayEnvironment: environment.join("\n") };
  return {
    "berth-firewall.service": read("berth-firewall.service"),
    "berth-agent.service": render("berth-agent.service.eta", values),
    "berth-egress.service": render("berth-egress.service.eta", values),
    "berth-command.socket": read("berth-command.socket"),
    "berth-command@.service": render("berth-command@.service.eta", values),
    "openclaw.service": render("openclaw.service.eta", values),
  };
}

export const sysusersConfig = (): string => read("sysusers.conf");
export const tmpfilesConfig = (): string => read("tmpfiles.conf");
export const journaldConfig = (): string => read("journald.conf");
