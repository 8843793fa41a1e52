import { mentionsGuarded, pathFindings } from "../paths.ts";
import type { CommandRule, PathUse } from "../rule.ts";
import { rulesByCommand } from "../rules/index.ts";
import { assignedByCommand } from "./assigned-names.ts";
import type { Examination } from "./examination.ts";
import { mayHideOption } from "./hidden-options.ts";
import { type Arg, hasOption, type Invocation } from "./invocation.ts";
import { settingFinding } from "./settings.ts";
import { isShell, unwrap } from "./wrappers.ts";

interface Surroundings {
  scope: Examination;
  /** Texts that the command reads as its standard input, as far as the script itself gives them. */
  stdin: readonly string[];
  stdinKnown: boolean;
}

/** Adds what one simple command touches; commands that it runs in turn are examined the same way. */
export function examineCommand(words: readonly Arg[], around: Surroundings): void {
  const [first, ...args] = words;
  const { findings, functions } = around.scope;
  if (first === undefined) return;
  if (args.some((arg) => mentionsGuarded(arg.value))) findings.add("path.guarded");
  if (first.dynamic || first.glob || first.home) {
    findings.add("shell.unknown-name");
    return;
  }
  const name = commandName(first.value);
  if (name === null) {
    findings.add("shell.program-file");
    return;
  }
  const invocation: Invocation = { name, args };
  const rules = (rulesByCommand.get(name) ?? []).filter((rule) => rule.when === undefined || rule.when(invocation));
  for (const rule of rules) {
    findings.add(rule.id);
    for (const id of operandFindings(rule, invocation, around.scope)) findings.add(id);
  }
  if (mayHideOption(invocation)) findings.add("shell.unknown-option");
  const runsOthers = examineInner(invocation, around);
  if (functions.has(name)) findings.add("shell.plain");
  else if (rules.length === 0 && !runsOthers) findings.add("shell.unknown-command");
  examineDetails(invocation, around.scope);
}

const binFolder = /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/;

/** The name a rule knows the command by; null for a file that is run by its path. */
function commandName(value: string): string | null {
  const name = value.includes("/") ? binFolder.exec(value)?.[1] : value;
  if (name === undefined) return null;
  return name.replace(/^(mkfs|fsck)\..*$/, "$1").replace(/^(python|perl|ruby|php|node|pip)(\d)?[\d.]*$/, "$1$2");
}

/** True when the command is known for running others. */
function examineInner(invocation: Invocation, around: Surroundings): boolean {
  const { scope } = around;
  const inner = unwrap(invocation);
  if (inner === null) return false;
  scope.findings.add("shell.plain");
  for (const id of inner.findings) {
    if (id === "find.delete") addFindDelete(invocation, scope);
    scope.findings.add(id);
  }
  for (const { value } of inner.settings) {
    const finding = settingFinding(value.split("=", 1)[0] ?? "", inner.commands.length > 0);
    if (finding !== null) scope.findings.add(finding);
  }
  for (const script of inner.scripts) {
    if (script.dynamic || script.glob) scope.findings.add("shell.unknown-code");
    else scope.examineText(script.value, scope);
  }
  for (const words of inner.commands) examineCommand(words, around);
  if (isShell(invocation.name) && inner.scripts.length === 0 && inner.findings.length === 0)
    examineStdin(invocation, around);
  return invocation.name !== "find";
}

function examineStdin(invocation: Invocation, { scope, stdin, stdinKnown }: Surroundings): void {
  if (invocation.args.some(({ value }) => value === "--version")) return;
  if (stdin.length === 0 || !stdinKnown) scope.findings.add("shell.unknown-code");
  for (const text of stdin) scope.examineText(text, scope);
}

const findFilter =
  /^-(?:i?name|i?path|i?regex|i?wholename|newer.*|[acm]time|[acm]min|size|empty|user|group|perm|links|inum|samefile)$/;

function addFindDelete({ args }: Invocation, scope: Examination): void {
  const end = args.findIndex(({ value }) => /^[-(!]/.test(value));
  const everything = !args.some(({ value }) => findFilter.test(value));
  for (const start of args.slice(0, end)) {
    for (const id of pathFindings(start, "delete", scope.place, everything || start.value.startsWith("/")))
      scope.findings.add(id);
  }
}

function operandFindings(rule: CommandRule, invocation: Invocation, scope: Examination): string[] {
  if (rule.paths === "none") return [];
  const ids: string[] = [];
  const tree = goesThroughFolders(invocation);
  const plain = pathWords(rule, invocation);
  const target = hasOption(invocation, "t", ["--target-directory"]);
  plain.forEach((arg, at) => {
    const use: PathUse = rule.paths === "copy" ? (at === plain.length - 1 || target ? "write" : "copy") : rule.paths;
    ids.push(...pathFindings(arg, use, scope.place, tree));
  });
  if (invocation.name === "cd" && plain.length === 0) ids.push("path.unknown-write");
  return ids;
}

const goesThroughFolders = (invocation: Invocation): boolean =>
  /^(?:find|rg|tree|du|shred|rmdir)$/.test(invocation.name) || hasOption(invocation, "rR", ["--recursive"]);

/** Words that can be paths: plain words, and the paths inside `-o/x`, `--output=/x` and `of=/x`. */
function pathWords(rule: CommandRule, { args }: Invocation): Arg[] {
  const out: Arg[] = [];
  let scriptPending =
    rule.scriptFirst === true &&
    !args.some(({ value }) => /^(?:-[a-zA-Z]*[ef]|--(?:regexp|expression|file))/.test(value));
  let optionsOver = false;
  for (const arg of args) {
    if (!optionsOver && arg.value === "--") optionsOver = true;
    else if (!optionsOver && /^-./.test(arg.value)) out.push(...attachedPath(arg));
    else if (scriptPending) scriptPending = false;
    else {
      out.push(arg);
      if (/^\w+=/.test(arg.value)) out.push(...attachedPath(arg));
    }
  }
  return out;
}

function attachedPath(arg: Arg): Arg[] {
  const at = arg.value.includes("=") ? arg.value.indexOf("=") + 1 : arg.value.search(/[/~]|\.\./);
  if (at < 1) return [];
  const value = arg.value.slice(at);
  if (!/^[/~]|^\.\./.test(value) || value.length < 2) return [];
  return [{ ...arg, value, prefix: arg.prefix.slice(at), home: value.startsWith("~") }];
}

const databaseCommands = /^(?:sqlite3|psql|mysql|mariadb|mongo|mongosh|redis-cli|dropdb)$/;
const exporting = /^(?:export|declare|typeset|readonly|local)$/;

function examineDetails({ name, args }: Invocation, scope: Examination): void {
  const text = args.map((arg) => arg.value).join(" ");
  if (
    databaseCommands.test(name) &&
    (name === "dropdb" || /\bdrop\s+(?:table|database|schema)\b|\bflush(?:all|db)\b|dropDatabase/i.test(text))
  )
    scope.findings.add("data.drop");
  for (const variable of assignedByCommand({ name, args })) {
    if (settingFinding(variable, true) === "shell.redefinition") scope.findings.add("shell.redefinition");
  }
  if (!exporting.test(name)) return;
  for (const { value } of args) {
    const finding = settingFinding(value.split(/\+?=/, 1)[0] ?? "", true);
    if (finding !== null && !value.startsWith("-")) scope.findings.add(finding);
  }
}
