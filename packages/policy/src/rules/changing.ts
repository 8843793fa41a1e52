import type { CommandRule } from "../rule.ts";
import { hasOption, operandsOf, subcommandOf } from "../shell/invocation.ts";
import { isPlainSed } from "./reading.ts";

const inWorkspace = { blastRadius: "Files in the workspace.", reversible: true } as const;

/** Commands that create or change inside the workspace. */
export const changingRules: readonly CommandRule[] = [
  {
    id: "change.create",
    actClass: "yellow",
    description: "Creates folders or empty files.",
    ...inWorkspace,
    paths: "write",
    commands: ["mkdir", "touch", "mktemp", "mkfifo"],
    examples: ["mkdir a", "touch b"],
    counterExamples: ["ls"],
  },
  {
    id: "change.copy",
    actClass: "yellow",
    description: "Copies files.",
    ...inWorkspace,
    paths: "copy",
    commands: ["cp"],
    when: (call) => !hasOption(call, "ls", ["--link", "--symbolic-link"]),
    examples: ["cp a b", "cp -r a b"],
    counterExamples: ["mv a b", "cp -s a b"],
  },
  {
    id: "change.link",
    actClass: "yellow",
    description: "Makes another name for a file; whoever writes there changes the file itself.",
    ...inWorkspace,
    paths: "write",
    commands: ["ln", "cp"],
    when: (call) => call.name === "ln" || hasOption(call, "ls", ["--link", "--symbolic-link"]),
    examples: ["ln -s a b", "cp -l a b"],
    counterExamples: ["cp a b"],
  },
  {
    id: "change.move",
    actClass: "yellow",
    description: "Moves files without replacing any (-n).",
    ...inWorkspace,
    paths: "write",
    commands: ["mv"],
    when: (call) => hasOption(call, "n", ["--no-clobber"]) && !hasOption(call, "f", ["--force"]),
    examples: ["mv -n a b"],
    counterExamples: ["mv a b", "mv -n -f a b"],
  },
  {
    id: "change.write",
    actClass: "yellow",
    description: "Writes a file.",
    ...inWorkspace,
    paths: "write",
    commands: ["tee", "split", "csplit"],
    when: (call) => !call.args.some(({ value }) => value.startsWith("--filter")),
    examples: ["tee a", "split -l 3 a b"],
    counterExamples: ["split --filter=sh a"],
  },
  {
    id: "change.write-option",
    actClass: "yellow",
    description: "Writes its result to a file.",
    ...inWorkspace,
    paths: "write",
    commands: ["sort", "shuf", "iconv", "tree", "uniq", "xxd"],
    when: (call) =>
      call.name === "uniq" || call.name === "xxd" ? operandsOf(call).length > 1 : hasOption(call, "o", ["--output"]),
    examples: ["sort a -o b", "uniq a b"],
    counterExamples: ["sort a", "uniq a"],
  },
  {
    id: "change.edit",
    actClass: "yellow",
    description: "Replaces text inside a file.",
    ...inWorkspace,
    paths: "write",
    scriptFirst: true,
    commands: ["sed"],
    when: (call) => isPlainSed(call.args) && hasOption(call, "i", ["--in-place"]),
    examples: ["sed -i s/a/b/ a"],
    counterExamples: ["sed s/a/b/ a"],
  },
  {
    id: "change.pack",
    actClass: "yellow",
    description: "Packs files into an archive.",
    ...inWorkspace,
    paths: "write",
    commands: ["tar", "zip", "gzip", "gunzip", "bzip2", "xz"],
    when: (call) => {
      const values = call.args.map((arg) => arg.value);
      if (call.name === "tar") {
        return (
          /^(?:-?[a-zA-Z]*c[a-zA-Z]*|--create)$/.test(values[0] ?? "") &&
          !/[xruAI]/.test((values[0] ?? "").replace("--create", "")) &&
          values
            .slice(1)
            .every(
              (value) => !value.startsWith("-") || /^(?:-[fvzjJC]|--(?:exclude|file|directory)=.*|--gzip)$/.test(value),
            )
        );
      }
      return values.every(
        (value) =>
          !value.startsWith("-") || (/^-[rqv0-9kcdlj]+$/.test(value) && !(call.name === "zip" && value.includes("d"))),
      );
    },
    examples: ["tar -czf a.tgz b", "zip -r a.zip b", "gzip -k a"],
    counterExamples: ["tar -cf a -I ./x b", "zip -T -TT ./x a.zip b", "tar -xf a"],
  },
  {
    id: "change.git",
    actClass: "yellow",
    description: "Records changes in a git folder.",
    ...inWorkspace,
    paths: "read",
    commands: ["git"],
    when: (call) =>
      isRecordingGit(
        call.args.map((arg) => arg.value),
        subcommandOf(call),
      ),
    examples: ["git add a", "git commit -m x", "git checkout -b y", "git branch z"],
    counterExamples: ["git checkout a", "git commit --amend", "git branch -D z"],
  },
  {
    id: "change.environment",
    actClass: "yellow",
    description: "Shows the environment of the command, in which secrets can lie.",
    blastRadius: "What this command was given.",
    reversible: true,
    paths: "none",
    commands: ["printenv", "env"],
    when: (call) => call.name === "printenv" || call.args.every(({ value }) => /^-|=/.test(value)),
    examples: ["printenv", "env"],
    counterExamples: ["env ls"],
  },
  {
    id: "change.folder",
    actClass: "green",
    description: "Changes the folder that the following commands work in.",
    blastRadius: "Nothing changes.",
    reversible: true,
    paths: "write",
    commands: ["cd", "pushd", "popd"],
    examples: ["cd reports"],
    counterExamples: ["ls reports"],
  },
  {
    id: "change.inspect-service",
    actClass: "yellow",
    description: "Looks at services, containers or packages of the machine.",
    blastRadius: "Nothing changes.",
    reversible: true,
    paths: "none",
    commands: ["systemctl", "journalctl", "docker", "podman", "npm", "pip", "pip3", "apt"],
    when: (call) =>
      isInspection(
        call.name,
        call.args.map((arg) => arg.value),
      ),
    examples: ["systemctl status cron", "docker ps", "npm ls"],
    counterExamples: ["systemctl stop cron", "docker rm x", "npm install"],
  },
];

function isRecordingGit(values: string[], subcommand: string): boolean {
  const rest = values.slice(1);
  if (values[0] !== subcommand) return false;
  if (subcommand === "checkout") return rest.length === 2 && rest[0] === "-b";
  if (subcommand === "switch") return rest.length === 2 && rest[0] === "-c";
  if (subcommand === "branch" || subcommand === "tag") return rest.length === 1 && !rest[0]!.startsWith("-");
  if (subcommand === "commit")
    return rest.every((value) => !/^--(?:amend|no-verify|template|file)|^-[a-z]*[Fct]/.test(value));
  if (subcommand === "init") return rest.every((value) => !value.startsWith("-"));
  return subcommand === "add";
}

const inspections: Record<string, RegExp> = {
  systemctl: /^(?:status|is-active|is-enabled|is-failed|list-units|list-timers|show)$/,
  docker: /^(?:ps|images|logs|inspect|version|info|stats|top|port)$/,
  podman: /^(?:ps|images|logs|inspect|version|info)$/,
  npm: /^(?:ls|list)$/,
  pip: /^(?:list|show|freeze)$/,
  pip3: /^(?:list|show|freeze)$/,
  apt: /^(?:list|show|policy)$/,
};

function isInspection(name: string, values: string[]): boolean {
  if (name === "journalctl")
    return values.every(
      (value) => !/^--(?:vacuum|rotate|flush|sync|relinquish|setup|cursor-file|root|image|directory)|^-D/.test(value),
    );
  return inspections[name]?.test(values[0] ?? "") === true;
}
