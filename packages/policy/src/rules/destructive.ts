import type { CommandRule } from "../rule.ts";
import { hasOption, subcommandOf } from "../shell/invocation.ts";

const lost = { blastRadius: "The files named; what was in them is gone.", reversible: false } as const;

/** Commands that delete, overwrite, change access, install, or stop something. */
export const destructiveRules: readonly CommandRule[] = [
  {
    id: "delete.files",
    actClass: "red",
    description: "Deletes files or folders.",
    ...lost,
    paths: "delete",
    commands: ["rm", "rmdir", "unlink", "shred", "wipe", "srm"],
    examples: ["rm a", "rmdir b"],
    counterExamples: ["ls"],
  },
  {
    id: "delete.truncate",
    actClass: "red",
    description: "Cuts files short or writes raw blocks.",
    ...lost,
    paths: "write",
    commands: ["truncate", "dd", "fallocate"],
    examples: ["truncate -s 0 a", "dd if=a of=b"],
    counterExamples: ["head a"],
  },
  {
    id: "delete.move",
    actClass: "red",
    description: "Moves files and can replace others on the way; with -n it would not.",
    blastRadius: "The files named and any they replace.",
    reversible: false,
    paths: "write",
    commands: ["mv", "rename"],
    when: (call) =>
      call.name === "rename" || !hasOption(call, "n", ["--no-clobber"]) || hasOption(call, "f", ["--force"]),
    examples: ["mv a b"],
    counterExamples: ["mv -n a b"],
  },
  {
    id: "access.change",
    actClass: "red",
    description: "Changes who may read or write files.",
    blastRadius: "Access to the files named.",
    reversible: true,
    paths: "write",
    commands: ["chmod", "chown", "chgrp", "setfacl", "chattr", "setfattr"],
    examples: ["chmod 777 a"],
    counterExamples: ["stat a"],
  },
  {
    id: "access.set-user-id",
    actClass: "critical_red",
    description: "Lets a program run with its owner's rights.",
    blastRadius: "The whole server.",
    reversible: true,
    paths: "write",
    commands: ["chmod", "setcap", "install"],
    when: (call) =>
      call.name === "setcap" ||
      call.args.some(({ value }) => /^[ugoa]*\+[rwxXt]*s|^[ug]+=[rwx]*s|^0?[2-7]\d{3}$/.test(value)),
    examples: ["chmod u+s a", "chmod 4755 a"],
    counterExamples: ["chmod 755 a"],
  },
  {
    id: "process.kill",
    actClass: "red",
    description: "Stops running programs.",
    blastRadius: "The programs named.",
    reversible: false,
    paths: "none",
    commands: ["kill", "pkill", "killall", "skill", "xkill", "fuser"],
    examples: ["kill 12"],
    counterExamples: ["ps"],
  },
  {
    id: "process.kill-safety",
    actClass: "critical_red",
    description: "Stops every program or one of the safety system.",
    blastRadius: "The whole server and its protection.",
    reversible: false,
    paths: "none",
    commands: ["kill", "pkill", "killall"],
    when: (call) =>
      call.args.some(
        ({ value }, at) => (at > 0 && /^-?[01]$/.test(value)) || /berth|openclaw|systemd|nft|sshd|init\b/.test(value),
      ),
    examples: ["kill -9 -1", "pkill berth-agent"],
    counterExamples: ["kill 12", "pkill node"],
  },
  {
    id: "install.packages",
    actClass: "red",
    description: "Installs, updates or removes software, or runs a project's scripts.",
    blastRadius: "Software on the server.",
    reversible: false,
    paths: "none",
    commands:
      "apt apt-get aptitude dpkg yum dnf apk pacman zypper rpm snap flatpak brew npm npx pnpm pnpx yarn bun bunx deno corepack pip pip3 pipx uv uvx poetry conda gem bundle cargo go composer make cmake gradle mvn ant rake".split(
        " ",
      ),
    when: (call) =>
      !(call.name === "dpkg" && /^-[lsLS]$/.test(call.args[0]?.value ?? "")) &&
      !(call.args.length === 1 && call.args[0]?.value === "--version") &&
      !/^(?:ls|list|show|freeze|policy)$/.test(subcommandOf(call)),
    examples: ["apt-get install x", "npm run build", "make"],
    counterExamples: ["dpkg -l", "npm ls"],
  },
  {
    id: "containers.change",
    actClass: "red",
    description: "Starts, changes or removes containers or cluster objects.",
    blastRadius: "The containers named and their data.",
    reversible: false,
    paths: "none",
    commands: [
      "docker",
      "podman",
      "docker-compose",
      "kubectl",
      "helm",
      "nerdctl",
      "ctr",
      "lxc",
      "terraform",
      "ansible",
    ],
    when: (call) => !/^(?:ps|images|logs|inspect|version|info|stats|top|port)$/.test(subcommandOf(call)),
    examples: ["docker run x", "kubectl delete pod x"],
    counterExamples: ["docker ps"],
  },
  {
    id: "containers.host",
    actClass: "critical_red",
    description: "Gives a container the rights or the disk of the machine.",
    blastRadius: "The whole server.",
    reversible: false,
    paths: "none",
    commands: ["docker", "podman", "nerdctl"],
    when: (call) =>
      call.args.some(({ value }) =>
        /^--(?:privileged|cap-add|device|pid=host|net(?:work)?=host|security-opt)|^\/[^:]*:|docker\.sock|source=\//.test(
          value,
        ),
      ),
    examples: ["docker run --privileged x", "docker run -v /:/host x"],
    counterExamples: ["docker run x"],
  },
  {
    id: "archive.unpack",
    actClass: "red",
    description: "Unpacks or changes an archive and can replace files with what somebody else packed.",
    ...lost,
    paths: "write",
    commands: ["tar", "unzip", "cpio", "7z", "7za", "unrar", "ar", "pax", "zip"],
    when: (call) => {
      const mode = call.args[0]?.value ?? "";
      if (call.name === "unzip") return !/^-[lv]+$/.test(mode);
      if (call.name === "zip") return hasOption(call, "mTUd");
      if (call.name !== "tar") return true;
      const first = mode.replace(/^--(?:list|create)$/, "t");
      return (
        !/^-?[a-zA-Z]*[tc]/.test(first) ||
        /[xruAI]/.test(first) ||
        call.args.some(({ value }) =>
          /^--?(?:to-command|checkpoint|use-compress|I|F|info-script|new-volume|rsh|remove-files)/.test(value),
        )
      );
    },
    examples: ["tar -xf a.tar", "unzip a.zip", "tar -cf a.tar --checkpoint-action=exec=sh b"],
    counterExamples: ["tar -tf a.tar", "tar -czf a.tgz b"],
  },
  {
    id: "data.database",
    actClass: "red",
    description: "Works on a database; reading and deleting look alike from here.",
    blastRadius: "The database named.",
    reversible: false,
    paths: "write",
    commands: [
      "sqlite3",
      "psql",
      "mysql",
      "mariadb",
      "mongo",
      "mongosh",
      "redis-cli",
      "pg_restore",
      "dropdb",
      "createdb",
      "pg_dump",
      "mysqldump",
    ],
    examples: ["sqlite3 a.db 'select 1'"],
    counterExamples: ["cat a.sql"],
  },
  {
    id: "files.synchronise",
    actClass: "red",
    description: "Copies whole trees, deletes what is not in the source, or sends them elsewhere.",
    blastRadius: "Every file below the target.",
    reversible: false,
    external: true,
    paths: "write",
    commands: ["rsync", "rclone", "unison"],
    examples: ["rsync -a a host:b"],
    counterExamples: ["cp a b"],
  },
  {
    id: "schedule.command",
    actClass: "red",
    description: "Plans commands that run later, unseen.",
    blastRadius: "Whatever those commands do.",
    reversible: true,
    paths: "none",
    commands: ["crontab", "at", "batch"],
    when: (call) => !(call.args.length === 1 && call.args[0]?.value === "-l"),
    examples: ["crontab -r", "at now"],
    counterExamples: ["crontab -l"],
  },
  {
    id: "git.rewrite",
    actClass: "red",
    description: "Throws away or rewrites work in a git folder, or changes how git behaves.",
    ...lost,
    paths: "write",
    commands: ["git"],
    when: (call) =>
      !/^(?:status|log|diff|show|add|push|pull|fetch|clone|rev-parse|ls-files|blame)$/.test(subcommandOf(call)) &&
      isRewritingGit(
        call.args.map((arg) => arg.value),
        subcommandOf(call),
      ),
    examples: ["git reset --hard", "git clean -fdx", "git branch -D x", "git config core.pager x"],
    counterExamples: ["git status", "git commit -m x", "git branch"],
  },
];

const rewriting = new Set(
  "reset clean rebase restore filter-branch filter-repo gc prune reflog rm mv revert cherry-pick am apply merge worktree submodule bisect replace update-ref hook checkout switch stash notes".split(
    " ",
  ),
);

function isRewritingGit(values: string[], subcommand: string): boolean {
  const rest = values.slice(values.indexOf(subcommand) + 1);
  if (subcommand === "checkout") return rest[0] !== "-b";
  if (subcommand === "switch") return rest[0] !== "-c";
  if (subcommand === "stash") return rest[0] !== "list";
  if (subcommand === "branch" || subcommand === "tag")
    return rest.some((value) => /^-[a-zA-Z]*[dDmMcCf]|^--(?:delete|move|copy|force|edit)/.test(value));
  if (subcommand === "commit")
    return rest.some((value) => /^--(?:amend|no-verify|template|file)|^-[a-z]*[Fct]/.test(value));
  if (subcommand === "config") return !/^(?:--get|--list|-l)$/.test(rest[0] ?? "");
  return rewriting.has(subcommand);
}
