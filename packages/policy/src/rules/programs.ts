import type { CommandRule } from "../rule.ts";
import { subcommandOf } from "../shell/invocation.ts";
import { setsClock, understandsAwk } from "./reading.ts";

const anything = { blastRadius: "Everything this agent's commands can reach.", reversible: false } as const;
const server = { blastRadius: "The whole server.", reversible: false } as const;
const outside = {
  blastRadius: "Data leaves the server or comes in from outside.",
  reversible: false,
  external: true,
} as const;

/** Interpreters, the network, and the machine itself. */
export const programRules: readonly CommandRule[] = [
  {
    id: "program.interpreter",
    actClass: "red",
    description: "Runs a program whose text is not checked.",
    ...anything,
    paths: "read",
    commands:
      "python python2 python3 node nodejs ts-node tsx perl ruby php lua tclsh Rscript osascript java jshell ghci julia swift scala groovy expect gdb vim vi ex ed emacs nano screen tmux script zsh fish ksh csh tcsh pwsh m4".split(
        " ",
      ),
    when: (call) => !(call.args.length === 1 && call.args[0]?.value === "--version"),
    examples: ["python3 -c 'print(1)'", "node x.js"],
    counterExamples: ["node --version"],
  },
  {
    id: "program.awk",
    actClass: "red",
    description: "An awk program that runs commands, writes files or is not understood.",
    ...anything,
    paths: "write",
    scriptFirst: true,
    commands: ["awk", "gawk", "mawk"],
    when: (call) => !understandsAwk(call),
    examples: ["awk 'BEGIN{system(\"id\")}'", "awk -f x.awk a"],
    counterExamples: ["awk '{print $1}' a"],
  },
  {
    id: "program.option",
    actClass: "red",
    description: "An option makes this command run another program.",
    ...anything,
    paths: "read",
    commands: ["sort", "rg", "find", "tar", "split", "git", "less", "more", "man", "zip", "grep", "ag", "tree"],
    when: (call) =>
      /^(?:less|more|man)$/.test(call.name) ||
      call.args.some(({ value }) =>
        /^--(?:compress-program|pre|hostname-bin|to-command|use-compress|filter|ext-diff|textconv|pager|open-files-in-pager|exec-path|config-env|upload-pack|receive-pack|rsh-command)\b/.test(
          value,
        ),
      ) ||
      (call.name === "git" && /^(?:-c|--git-dir.*|--work-tree.*)$/.test(call.args[0]?.value ?? "")),
    examples: ["sort --compress-program=./x a", "rg --pre ./x a", "git -c core.pager=x log"],
    counterExamples: ["sort a", "git log"],
  },
  {
    id: "net.fetch",
    actClass: "yellow_external",
    description: "Sends a request to another machine.",
    ...outside,
    paths: "write",
    commands: [
      "curl",
      "wget",
      "http",
      "https",
      "httpie",
      "aria2c",
      "lynx",
      "links",
      "w3m",
      "ping",
      "ping6",
      "traceroute",
      "dig",
      "host",
      "nslookup",
      "whois",
      "mail",
      "mailx",
      "sendmail",
      "mutt",
      "ftp",
      "gh",
      "glab",
      "aws",
      "gcloud",
      "az",
      "s3cmd",
    ],
    examples: ["curl https://example.com", "ping example.com"],
    counterExamples: ["cat a"],
  },
  {
    id: "net.git",
    actClass: "yellow_external",
    description: "Exchanges history with another machine.",
    ...outside,
    paths: "none",
    commands: ["git"],
    when: (call) =>
      /^(?:push|pull|fetch|clone|ls-remote|archive|bundle|send-email|request-pull|remote|submodule|daemon)$/.test(
        subcommandOf(call),
      ) && !isListingRemotes(call.args.map((arg) => arg.value)),
    examples: ["git push", "git clone https://example.com/x"],
    counterExamples: ["git status", "git remote -v"],
  },
  {
    id: "net.git-force",
    actClass: "red",
    description: "Replaces history on another machine.",
    ...outside,
    paths: "none",
    commands: ["git"],
    when: (call) =>
      subcommandOf(call) === "push" &&
      call.args.some(({ value }) => /^(?:--(?:force|delete|mirror|prune)|-[a-z]*[fd]|\+|:)/.test(value)),
    examples: ["git push --force", "git push origin :main"],
    counterExamples: ["git push origin main"],
  },
  {
    id: "net.open-line",
    actClass: "red",
    description: "Opens a line to another machine, over which anything can pass.",
    ...outside,
    paths: "write",
    commands: [
      "ssh",
      "scp",
      "sftp",
      "nc",
      "ncat",
      "netcat",
      "socat",
      "telnet",
      "rsh",
      "rlogin",
      "mosh",
      "openssl",
      "websocat",
      "ssh-keygen",
      "ssh-copy-id",
      "ssh-add",
      "tftp",
      "nmap",
      "tcpdump",
      "iperf",
      "iperf3",
      "cloudflared",
      "ngrok",
      "tailscale",
    ],
    examples: ["ssh host", "nc -l 1"],
    counterExamples: ["curl https://example.com"],
  },
  {
    id: "system.services",
    actClass: "critical_red",
    description: "Starts, stops or changes services, the firewall or the network.",
    ...server,
    paths: "none",
    commands:
      "systemctl service init telinit journalctl nft iptables ip6tables iptables-restore ebtables ufw firewall-cmd ip ifconfig route tc sysctl modprobe insmod rmmod kexec resolvectl networkctl timedatectl hostnamectl loginctl busctl systemd-run machinectl dbus-send update-rc.d chkconfig".split(
        " ",
      ),
    when: (call) =>
      !(
        call.name === "systemctl" &&
        /^(?:status|is-active|is-enabled|is-failed|list-units|list-timers|show)$/.test(call.args[0]?.value ?? "")
      ) &&
      !(
        call.name === "journalctl" &&
        call.args.every(
          ({ value }) =>
            !/^--(?:vacuum|rotate|flush|sync|relinquish|setup|cursor-file|root|image|directory)|^-D/.test(value),
        )
      ),
    examples: ["systemctl stop x", "nft flush ruleset"],
    counterExamples: ["systemctl status x", "journalctl -n 5"],
  },
  {
    id: "system.disk",
    actClass: "critical_red",
    description: "Works on disks or file systems.",
    ...server,
    paths: "none",
    commands:
      "mkfs mke2fs mkswap swapon swapoff fdisk sfdisk cfdisk gdisk parted wipefs blkdiscard hdparm mount umount losetup cryptsetup lvm lvremove vgremove pvremove mdadm zfs zpool btrfs resize2fs tune2fs e2fsck fsck debugfs fstrim pivot_root mknod".split(
        " ",
      ),
    examples: ["mount a b", "mkfs.ext4 a"],
    counterExamples: ["df"],
  },
  {
    id: "system.accounts",
    actClass: "critical_red",
    description: "Changes accounts, passwords or rights of the machine.",
    ...server,
    paths: "none",
    commands:
      "useradd userdel usermod adduser deluser groupadd groupdel groupmod addgroup passwd chpasswd gpasswd chage chsh chfn visudo vipw newgrp sg login pam-auth-update".split(
        " ",
      ),
    examples: ["useradd x"],
    counterExamples: ["id"],
  },
  {
    id: "system.power",
    actClass: "critical_red",
    description: "Stops or restarts the server, or changes its clock.",
    ...server,
    paths: "none",
    commands: ["reboot", "shutdown", "halt", "poweroff", "date", "hostname", "hwclock"],
    when: (call) => !/^(?:date|hostname)$/.test(call.name) || setsClock(call),
    examples: ["reboot", "date -s 12:00"],
    counterExamples: ["date"],
  },
  {
    id: "system.privilege",
    actClass: "critical_red",
    description: "Runs a command with other rights or in another root.",
    ...server,
    paths: "none",
    commands: [
      "sudo",
      "su",
      "doas",
      "pkexec",
      "runuser",
      "setpriv",
      "nsenter",
      "unshare",
      "chroot",
      "bwrap",
      "firejail",
      "capsh",
      "strace",
      "ltrace",
      "ptrace",
      "sudoedit",
      "berth-vault",
    ],
    examples: ["sudo ls", "nsenter -t 1 -a sh"],
    counterExamples: ["ls"],
  },
  {
    id: "gate.probe",
    actClass: "critical_red",
    description: "The command with which the safety system tests itself; it never runs.",
    ...server,
    forbidden: true,
    paths: "none",
    commands: ["berth-gate-probe"],
    examples: ["berth-gate-probe 0123456789abcdef", "ls; berth-gate-probe x"],
    counterExamples: ["echo berth-gate-twin-0123456789abcdef"],
  },
];

const isListingRemotes = (values: string[]): boolean =>
  values[0] === "remote" && values.slice(1).every((value) => value === "-v");
