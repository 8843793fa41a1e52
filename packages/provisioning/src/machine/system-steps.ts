import { type HostFile, holds, run, script } from "../host.ts";
import type { TenantArtefacts } from "../host-inputs.ts";
import { filesInPlace, type HostStep } from "../host-step.ts";
import { journaldConfig, sysusersConfig, tmpfilesConfig } from "../host-templates.ts";

const rootFile = { mode: "0644", owner: "root:root" } as const;
const users: HostFile = { ...rootFile, path: "/etc/sysusers.d/berth.conf", content: sysusersConfig() };
const directories: HostFile = { ...rootFile, path: "/etc/tmpfiles.d/berth.conf", content: tmpfilesConfig() };
const journald: HostFile = { ...rootFile, path: "/etc/systemd/journald.conf.d/berth.conf", content: journaldConfig() };

/** cloud-init still writes keys and restarts sshd after the first login is possible. Code 2: done, with warnings. */
const firstBootStep: HostStep = {
  name: "first boot",
  done: (host) => holds(host, "[ -e /run/cloud-init/result.json ] || ! command -v cloud-init"),
  async apply(host) {
    await host.exec(["cloud-init", "status", "--wait"], { timeoutMs: 120_000 });
  },
};

const usersStep: HostStep = {
  name: "users",
  done: async (host) =>
    (await filesInPlace(host, [users])) &&
    (await holds(
      host,
      "id openclaw && id berth-agent && id berth-egress && id berth-command && getent group berth-workspace",
    )),
  async apply(host) {
    await run(host, script("mkdir -p /etc/sysusers.d /etc/tmpfiles.d /etc/systemd/journald.conf.d"));
    await host.putFiles([users]);
    await run(host, ["systemd-sysusers", users.path]);
  },
};

/** The table of directories as `mode owner path` lines: the same file tells systemd what to make and us what to expect. */
const expectedDirectories = tmpfilesConfig()
  .split("\n")
  .filter((line) => line.startsWith("d "))
  .map((line) => {
    const [, path, mode, user, group] = line.split(/\s+/);
    return `${mode} ${user}:${group} ${path}`;
  });

const directoriesStep: HostStep = {
  name: "directories",
  async done(host) {
    if (!(await filesInPlace(host, [directories]))) return false;
    const paths = expectedDirectories.map((line) => line.split(" ")[2] ?? "");
    const found = await host.exec(script('stat -c "%04a %U:%G %n" -- "$@"', ...paths));
    return found.code === 0 && found.stdout.trim() === expectedDirectories.join("\n");
  },
  async apply(host) {
    await host.putFiles([directories]);
    await run(host, ["systemd-tmpfiles", "--create", directories.path]);
  },
};

const journaldStep: HostStep = {
  name: "log limits",
  done: (host) => filesInPlace(host, [journald]),
  async apply(host) {
    await host.putFiles([journald]);
    await run(host, ["systemctl", "restart", "systemd-journald"]);
  },
};

/** Uploaded beside, then swapped: a broken-off upload never looks like a whole one, for `VERSION` is moved with it. */
export function artefactsStep(artefacts: TenantArtefacts): HostStep {
  return {
    name: "artefacts",
    done: (host) =>
      holds(host, '[ "$(cat /opt/berth/VERSION)" = "$1" ] && [ -d /opt/safety-wrapper ]', artefacts.version),
    async apply(host) {
      await run(host, script("rm -rf /opt/.berth-incoming"));
      await host.putTree(artefacts.dir, "/opt/.berth-incoming");
      const swap = `cd /opt; chmod -R u=rwX,go=rX .berth-incoming; printf %s "$1" > .berth-incoming/opt/berth/VERSION
rm -rf berth safety-wrapper; mv .berth-incoming/opt/safety-wrapper .; mv .berth-incoming/opt/berth .; rm -rf .berth-incoming; sync`;
      await run(host, script(swap, artefacts.version));
    },
  };
}

/**
 * Keys that only this server knows: made here, never sent anywhere. One that is there is kept; a vault key in the middle
 * of a rekey stands in its file with the next one, on two lines of 64 digits.
 */
const credentialsStep: HostStep = {
  name: "credentials",
  done: (host) =>
    holds(
      host,
      'cd /etc/berth/credentials; for f in vault-key gateway-token; do case "$(stat -c "%a %U %s" $f)" in "400 root 64"|"400 root 129") ;; *) exit 1;; esac; done',
    ),
  apply: async (host) => {
    const make = `cd /etc/berth/credentials; umask 277
for f in vault-key gateway-token; do
  case "$(stat -c %s $f)" in 64|129) continue;; esac
  rm -f $f.new $f; head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \\n' > $f.new; sync $f.new; mv $f.new $f
done; chown root:root *; chmod 0400 *`;
    await run(host, script(make));
  },
};

export const systemSteps = (artefacts: TenantArtefacts): HostStep[] => [
  firstBootStep,
  usersStep,
  directoriesStep,
  journaldStep,
  artefactsStep(artefacts),
  credentialsStep,
];
