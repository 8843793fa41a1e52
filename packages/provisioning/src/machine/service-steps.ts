import { sha256Hex, untilTrue } from "@berth/platform";
import { type Host, type HostFile, holds, run, script } from "../host.ts";
import type { HostLayout } from "../host-layout.ts";
import { filesInPlace, type HostStep } from "../host-step.ts";
import { defaultUnitInputs, firewallRules, hostUsers, systemdUnits } from "../host-templates.ts";

const services = ["berth-command.socket", "berth-agent.service", "berth-egress.service", "openclaw.service"];
const revisionFile = "/etc/berth/started-revision";
const readyTimeoutMs = 120_000;
const enrolTimeoutMs = 60_000;

export const firewallFile = (layout: HostLayout, sshOpen: boolean): HostFile => ({
  path: "/etc/berth/firewall.nft",
  content: firewallRules({ users: hostUsers, ports: layout.ports, sshOpen }),
  mode: "0600",
  owner: "root:root",
});

export const unitFiles = (): HostFile[] =>
  Object.entries(systemdUnits(defaultUnitInputs)).map(([name, content]) => ({
    path: `/etc/systemd/system/${name}`,
    content,
    mode: "0644",
    owner: "root:root",
  }));

export function unitsStep(): HostStep {
  const files = unitFiles();
  return {
    name: "units",
    done: (host) => filesInPlace(host, files),
    async apply(host) {
      await host.putFiles(files);
      await run(host, ["systemctl", "daemon-reload"]);
    },
  };
}

/** Loaded before anything of ours runs, and by a unit that the others require: no rules, no gateway. */
export function firewallStep(layout: HostLayout): HostStep {
  const file = firewallFile(layout, true);
  const loaded =
    'systemctl is-active -q berth-firewall && systemctl is-enabled -q berth-firewall && [ "$(cat /run/berth/firewall-loaded)" = "$1" ] && nft list chain inet berth output | grep -q "policy drop"';
  return {
    name: "firewall",
    done: async (host) => (await filesInPlace(host, [file])) && (await holds(host, loaded, sha256Hex(file.content))),
    async apply(host) {
      await host.putFiles([file]);
      await run(host, ["nft", "-c", "-f", file.path]);
      await run(host, ["systemctl", "enable", "-q", "berth-firewall"]);
      // Not a plain restart: that would take down everything that requires these rules.
      await run(host, ["systemctl", "reload-or-restart", "berth-firewall"]);
      await run(host, script('printf %s "$1" > /run/berth/firewall-loaded', sha256Hex(file.content)));
    },
  };
}

/** Starts the services, or starts them anew when what they were started from has changed. `revision` names all of that. */
export function startStep(revision: string): HostStep {
  return {
    name: "services",
    done: (host) =>
      holds(
        host,
        'want=$1; shift; [ "$(cat /etc/berth/started-revision)" = "$want" ] && systemctl is-active -q "$@" && systemctl is-enabled -q "$@"',
        revision,
        ...services,
      ),
    async apply(host) {
      await run(host, ["systemctl", "enable", "-q", ...services]);
      await run(host, ["systemctl", "reset-failed"]);
      await run(host, ["systemctl", "restart", ...services], { timeoutMs: 120_000 });
      await run(host, script('printf %s "$1" > "$2"', revision, revisionFile));
    },
  };
}

const askReadiness = `fetch(process.argv[1], { signal: AbortSignal.timeout(3000) }).then((r) => process.exit(r.status === 200 ? 0 : 1), () => process.exit(1))`;

/** Asked as the agent's user: by the firewall nobody else reaches the gateway, root included. */
const gatewayReady = async (host: Host, layout: HostLayout): Promise<boolean> => {
  const url = `http://127.0.0.1:${layout.ports.gateway}/readyz`;
  const argv = ["runuser", "-u", hostUsers.agent, "--", layout.nodeBinary, "-e", askReadiness, url];
  return (await host.exec(argv)).code === 0;
};

export function readyStep(layout: HostLayout): HostStep {
  return {
    name: "gateway ready",
    done: (host) => gatewayReady(host, layout),
    apply: async (host) => {
      await untilTrue(() => gatewayReady(host, layout), {
        timeoutMs: readyTimeoutMs,
        intervalMs: 500,
        what: "The gateway",
      });
    },
  };
}

/** The agent has taken token and seed and wiped both; so it has enrolled with the Hub and filled its vault. */
export function wipedStep(layout: HostLayout): HostStep {
  const wiped = (host: Host) =>
    holds(host, '[ ! -e "$1" ] && [ ! -e "$2" ]', layout.enrolmentTokenFile, layout.vaultSeedFile);
  return {
    name: "one-time files wiped",
    done: wiped,
    apply: async (host) => {
      await untilTrue(() => wiped(host), {
        timeoutMs: enrolTimeoutMs,
        intervalMs: 300,
        what: "Enrolment by the agent",
      });
    },
  };
}
