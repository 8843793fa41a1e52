import type { CommandRule } from "../rule.ts";
import { hasOption, type Invocation, subcommandOf } from "../shell/invocation.ts";

const nothing = { blastRadius: "Nothing changes.", reversible: true } as const;

/** Commands that only look. */
export const readingRules: readonly CommandRule[] = [
  {
    id: "read.files",
    actClass: "green",
    description: "Shows or compares files.",
    ...nothing,
    paths: "read",
    commands:
      "ls cat head tail wc stat file du df tac nl od hexdump strings cmp diff comm join paste column fold fmt expand unexpand md5sum sha1sum sha224sum sha256sum sha512sum b2sum cksum sum zcat bzcat xzcat readlink realpath tsort pr cut uniq base64 base32 look colrm dir vdir tree lsattr".split(
        " ",
      ),
    examples: ["ls -la", "cat notes.md"],
    counterExamples: ["rm notes.md"],
  },
  {
    id: "read.sort",
    actClass: "green",
    description: "Sorts or shuffles lines and shows them.",
    ...nothing,
    paths: "read",
    commands: ["sort", "shuf", "iconv", "xxd"],
    examples: ["sort names.txt"],
    counterExamples: ["ls"],
  },
  {
    id: "read.pattern",
    actClass: "green",
    description: "Searches text for a pattern.",
    ...nothing,
    paths: "read",
    scriptFirst: true,
    commands: ["grep", "egrep", "fgrep", "zgrep", "rg", "jq", "yq", "ag"],
    when: (call) => call.name !== "yq" || !hasOption(call, "is", ["--inplace", "--split-exp", "--split-exp-file"]),
    examples: ["grep -n x notes.md", "jq .a b.json"],
    counterExamples: ["cat notes.md", "yq -i .a=1 b.yml"],
  },
  {
    id: "read.text",
    actClass: "green",
    description: "Prints text or changes it on its way.",
    ...nothing,
    paths: "none",
    commands: ["echo", "tr", "rev", "seq", "basename", "dirname", "expr", "factor", "numfmt", "yes", "bc", "cal"],
    examples: ["echo hi", "seq 3"],
    counterExamples: ["cat notes.md"],
  },
  {
    id: "read.printf",
    actClass: "green",
    description: "Prints text.",
    ...nothing,
    paths: "none",
    commands: ["printf"],
    when: (call) => {
      const [first, second] = call.args;
      if (first?.value === "-v") return isName(second?.value) && second?.dynamic === false;
      return first?.value.startsWith("-v") !== true || isName(first.value.slice(2));
    },
    examples: ["printf hi", "printf -v x hi"],
    counterExamples: ["printf -v 'a[$(id)]' hi"],
  },
  {
    id: "read.machine",
    actClass: "green",
    description: "Shows facts about the machine or the process.",
    ...nothing,
    paths: "none",
    commands: "pwd whoami id groups uname uptime free ps nproc arch lscpu lsblk tty locale getconf who users".split(
      " ",
    ),
    examples: ["pwd", "uname -a"],
    counterExamples: ["cat notes.md"],
  },
  {
    id: "read.clock",
    actClass: "green",
    description: "Shows the date or the name of the machine.",
    ...nothing,
    paths: "none",
    commands: ["date", "hostname"],
    when: (call) => !setsClock(call),
    examples: ["date -u", "date -d yesterday +%F"],
    counterExamples: ["date -s 12:00"],
  },
  {
    id: "read.shell-words",
    actClass: "green",
    description: "Steers the script itself and touches nothing else.",
    ...nothing,
    paths: "none",
    commands: "true false : break continue return exit shift sleep wait type hash which command jobs times umask".split(
      " ",
    ),
    when: (call) =>
      (call.name !== "hash" || call.args.length === 0) &&
      !call.args.some(({ value }) => value.includes("[") || (call.name === "wait" && /^-[a-z]*p/.test(value))),
    examples: ["true", "sleep 1"],
    counterExamples: ["hash -p ./x ls"],
  },
  {
    id: "read.test",
    actClass: "green",
    description: "Checks a condition.",
    ...nothing,
    paths: "read",
    commands: ["test", "["],
    when: (call) => !call.args.some(({ value }, at) => value === "-v" && !isName(call.args[at + 1]?.value)),
    examples: ["test -f a", "[ -d b ]", "test -v x"],
    counterExamples: ["test -v 'a[$(id)]'"],
  },
  {
    id: "read.variables",
    actClass: "green",
    description: "Sets variables or options of this script.",
    ...nothing,
    paths: "none",
    commands: ["export", "declare", "typeset", "local", "readonly", "unset", "read", "set", "mapfile", "readarray"],
    when: (call) => call.args.every(({ value, dynamic }) => isPlainSetting(value, dynamic, call.name)),
    examples: ["export a=1", "set -euo pipefail", "read -r line", "read -p 'Name: ' line"],
    counterExamples: ["unset 'a[$(id)]'", "declare -n x=y"],
  },
  {
    id: "read.find",
    actClass: "green",
    description: "Looks for files.",
    ...nothing,
    paths: "read",
    commands: ["find"],
    examples: ["find . -name x"],
    counterExamples: ["ls"],
  },
  {
    id: "read.awk",
    actClass: "green",
    description: "Reads files line by line and prints what it computes.",
    ...nothing,
    paths: "read",
    scriptFirst: true,
    commands: ["awk", "gawk", "mawk"],
    when: understandsAwk,
    examples: ["awk '{print $1}' a", "awk -F, '$3 >= 10' a"],
    counterExamples: ["awk 'BEGIN{system(\"id\")}'", "awk '{print > \"x\"}' a", "awk -f x.awk a"],
  },
  {
    id: "read.sed",
    actClass: "green",
    description: "Shows a file with lines picked or replaced.",
    ...nothing,
    paths: "read",
    scriptFirst: true,
    commands: ["sed"],
    when: (call) => isPlainSed(call.args) && !hasOption(call, "i", ["--in-place"]),
    examples: ["sed -n 1,5p a", "sed 's/a/b/g' a", "sed '/x/d' a"],
    counterExamples: ["sed -i s/a/b/ a", "sed 's/a/b/e' a", "sed '1w x' a"],
  },
  {
    id: "read.archive",
    actClass: "green",
    description: "Lists what an archive holds.",
    ...nothing,
    paths: "read",
    commands: ["tar", "unzip", "zipinfo"],
    when: (call) =>
      call.name === "zipinfo" ||
      (call.name === "unzip"
        ? /^-[lv]+$/.test(call.args[0]?.value ?? "")
        : isListingTar(call.args.map((arg) => arg.value))),
    examples: ["tar -tf a.tar", "unzip -l a.zip"],
    counterExamples: ["tar -xf a.tar", "unzip a.zip", "tar -tf a.tar --to-command=sh"],
  },
  {
    id: "read.packages",
    actClass: "green",
    description: "Shows which packages are installed.",
    ...nothing,
    paths: "none",
    commands: ["dpkg", "dpkg-query"],
    when: (call) => /^(?:-[lsLSW]|--(?:list|status|listfiles|search|show))$/.test(call.args[0]?.value ?? ""),
    examples: ["dpkg -l"],
    counterExamples: ["dpkg -i x.deb"],
  },
  {
    id: "read.program-version",
    actClass: "green",
    description: "Asks a program for its version.",
    ...nothing,
    paths: "none",
    commands: ["node", "python", "python3", "npm", "perl", "ruby", "php", "bash", "make", "docker", "pip"],
    when: (call) => call.args.length === 1 && call.args[0]?.value === "--version",
    examples: ["node --version"],
    counterExamples: ["node --version x.js", "node x.js"],
  },
  {
    id: "read.crontab",
    actClass: "green",
    description: "Lists scheduled commands.",
    ...nothing,
    paths: "none",
    commands: ["crontab"],
    when: (call) => call.args.length === 1 && call.args[0]?.value === "-l",
    examples: ["crontab -l"],
    counterExamples: ["crontab -r"],
  },
  {
    id: "read.git",
    actClass: "green",
    description: "Looks at the history of a git folder.",
    ...nothing,
    paths: "read",
    commands: ["git"],
    when: (call) =>
      isReadingGit(
        call.args.map((arg) => arg.value),
        subcommandOf(call),
      ),
    examples: ["git status", "git log -n 3", "git branch", "git config --get user.name"],
    counterExamples: ["git log --ext-diff", "git branch x", "git commit -m x", "git diff --output=x"],
  },
];

const isName = (value: string | undefined): boolean => value !== undefined && /^[A-Za-z_]\w*$/.test(value);

/** `date` with an operand that is no format, or an option that sets it, changes the clock; `hostname x` the name. */
export function setsClock(call: Invocation): boolean {
  if (call.name === "hostname") return call.args.some(({ value }) => !/^-[a-zA-Z]$/.test(value) || /[bF]/.test(value));
  let skip = false;
  for (const { value } of call.args) {
    if (skip) skip = false;
    else if (/^-[a-zA-Z]*s/.test(value) || value.startsWith("--set")) return true;
    else if (/^-[ufRIr]*[dfr]$/.test(value) || value === "--date" || value === "--reference") skip = true;
    else if (!/^[-+]/.test(value)) return true;
  }
  return false;
}

/** bash evaluates `a[$(cmd)]` wherever it takes the name of a variable, even out of quotes. */
function isPlainSetting(value: string, dynamic: boolean, command: string): boolean {
  // `-a` and `-k` hand what follows to every command.
  if (command === "set" && (/^[-+][A-Za-z]*[ak]/.test(value) || /^(?:allexport|keyword)$/.test(value))) return false;
  if (/^[-+][A-Za-z]+$/.test(value))
    return !(/[ni]/.test(value) && /^(?:declare|typeset|local)$/.test(command)) && !/C/.test(value);
  if (/^[A-Za-z_]\w*(?:\+?=|$)/.test(value)) return true;
  return command === "read" || command === "set" ? !/\[/.test(value) && !dynamic : false;
}

/** True for an awk call whose program is given in full and only reads and prints. */
export function understandsAwk(call: Invocation): boolean {
  let program: Invocation["args"][number] | undefined;
  let skip = false;
  for (const arg of call.args) {
    if (skip) skip = false;
    else if (program === undefined && arg.value.startsWith("-")) {
      if (!/^-(?:F.*|v)$/.test(arg.value)) return false;
      skip = arg.value === "-F" || arg.value === "-v";
    } else program ??= arg;
  }
  return program !== undefined && !program.dynamic && isReadingAwk(program.value);
}

function isReadingAwk(program: string): boolean {
  if (/\b(?:system|getline|close|fflush)\b|[|@]|\bENVIRON\b/.test(program.replaceAll("||", ""))) return false;
  const firstPrint = program.search(/\bprintf?\b/);
  return firstPrint < 0 || program.lastIndexOf(">") < firstPrint;
}

const sedCommand =
  /^(?:(?:\d+|\$|\/(?:[^/\\\n]|\\.)*\/)(?:,(?:\+?\d+|\$|\/(?:[^/\\\n]|\\.)*\/))?!?)?\s*(?:[pdqD=lnN]|([sy])([^\w\s\\])(?:(?!\2)[^\\\n]|\\.)*\2(?:(?!\2)[^\\\n]|\\.)*\2[gpIi\d]*)$/;

/** Only scripts made of simple pieces count as understood; `e` and `w` run programs and write files. */
export function isPlainSed(args: readonly { value: string; dynamic: boolean }[]): boolean {
  const scripts: { value: string; dynamic: boolean }[] = [];
  let wantsScript = false;
  let given = false;
  for (const arg of args) {
    if (wantsScript) {
      scripts.push(arg);
      wantsScript = false;
      given = true;
    } else if (/^-[nErsuz]*e$/.test(arg.value) || arg.value === "--expression") wantsScript = true;
    else if (/^-/.test(arg.value)) {
      if (!/^(?:-[nEriszu]+|--quiet|--regexp-extended|--in-place|--)$/.test(arg.value)) return false;
    } else if (!given && scripts.length === 0) {
      scripts.push(arg);
      given = true;
    }
  }
  return (
    scripts.length > 0 && scripts.every(({ value, dynamic }) => !dynamic && value.split(";").every(isPlainSedPiece))
  );
}

const isPlainSedPiece = (piece: string): boolean => piece.trim() === "" || sedCommand.test(piece.trim());

function isListingTar(values: string[]): boolean {
  const mode = values[0] ?? "";
  if (!/^(?:-?[a-zA-Z]*t[a-zA-Z]*|--list)$/.test(mode) || /[xcruA]/.test(mode.replace(/^--list$/, ""))) return false;
  return values.slice(1).every((value) => !value.startsWith("-") || /^(?:-[fvz]|--verbose|--file=.*)$/.test(value));
}

const readingGit = new Set(
  "status log diff show rev-parse ls-files ls-tree blame describe shortlog rev-list cat-file grep".split(" "),
);

function isReadingGit(values: string[], subcommand: string): boolean {
  const rest = values.slice(values.indexOf(subcommand) + 1);
  if (values[0] !== subcommand && !(values[0] === "-C" || values[0] === "--no-pager")) return false;
  if (rest.some((value) => /^--(?:ext-diff|textconv|output|open-files-in-pager|exec)|^-O/.test(value))) return false;
  if (readingGit.has(subcommand)) return true;
  if (subcommand === "branch" || subcommand === "tag")
    return rest.every((value) => /^-(?:[avrl]+|-list|-all|-show-current)$/.test(value));
  if (subcommand === "remote") return rest.every((value) => value === "-v");
  if (subcommand === "stash") return rest[0] === "list";
  return subcommand === "config" && /^(?:--get|--list|-l)$/.test(rest[0] ?? "");
}
