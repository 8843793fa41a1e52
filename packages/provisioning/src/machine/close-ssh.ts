import { type Host, run, script } from "../host.ts";
import { machineLayout } from "../host-layout.ts";
import { firewallFile } from "./service-steps.ts";

const closeScript = "/run/berth/close-ssh";

/**
 * What happens after our last word, as a unit of its own, for it ends the very connection that asks for it: no key, no
 * first-boot data with keys, no sshd, no open port, and no session that somebody else may still hold.
 */
const closing = `#!/bin/sh
rm -f /root/.ssh/authorized_keys /root/.ssh/authorized_keys2
touch /etc/cloud/cloud-init.disabled
rm -rf /var/lib/cloud/seed /var/lib/cloud/instances/*/user-data.txt* /var/lib/cloud/instances/*/obj.pkl
systemctl disable --now ssh.service ssh.socket
systemctl mask ssh.service ssh.socket
nft -f /etc/berth/firewall.nft
for session in $(systemctl list-units --plain --no-legend --type=scope 'session-*.scope' | cut -d' ' -f1); do
  systemctl kill --signal=KILL "$session"
done
systemctl kill --signal=KILL ssh.service
rm -f ${closeScript}
true
`;

/** Starts the closing on the server; the connection may end before the answer comes, so the caller checks from outside. */
export async function closeSsh(host: Host): Promise<void> {
  await run(host, script("mkdir -p /etc/cloud"));
  await host.putFiles([
    firewallFile(machineLayout, false),
    { path: closeScript, content: closing, mode: "0700", owner: "root:root" },
  ]);
  await run(host, ["nft", "-c", "-f", "/etc/berth/firewall.nft"]);
  await host
    .exec(["systemd-run", "--quiet", "--collect", "--unit=berth-close-ssh", closeScript], { timeoutMs: 10_000 })
    .catch(() => null);
}
