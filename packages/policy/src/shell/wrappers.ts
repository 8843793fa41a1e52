import { type Arg, type Invocation, literalArg, unknownArg } from "./invocation.ts";

/** What a command that runs other commands gives to be examined. */
export interface Unwrapped {
  /** Each a command of its own: name first. */
  commands: Arg[][];
  /** Text that a shell will read as a script. */
  scripts: Arg[];
  /** Ids of rules that the wrapping itself touches. */
  findings: string[];
  /** Settings handed to the inner command (`env A=b`). */
  settings: Arg[];
}

const none = (): Unwrapped => ({ commands: [], scripts: [], findings: [], settings: [] });

interface ValueOptions {
  /** Letters whose value follows, attached (`-n5`) or as the next word (`-n 5`). */
  letters: string;
  /** Letters whose value, if any, is attached. */
  attached?: string;
  long?: RegExp;
}

const valueOptions: Record<string, ValueOptions> = {
  nice: { letters: "n", long: /^--adjustment$/ },
  ionice: { letters: "cnpPu", long: /^--(?:class|classdata|pid|pgid|uid)$/ },
  timeout: { letters: "ks", long: /^--(?:signal|kill-after)$/ },
  stdbuf: { letters: "ioe", long: /^--(?:input|output|error)$/ },
  flock: { letters: "wE", long: /^--(?:timeout|wait|conflict-exit-code)$/ },
  sudo: { letters: "ugpCRTDhrtU" },
  doas: { letters: "uC" },
  exec: { letters: "a" },
  time: { letters: "of", long: /^--(?:output|format)$/ },
  xargs: {
    letters: "IEnPLdsa",
    attached: "iel",
    long: /^--(?:arg-file|delimiter|max-args|max-procs|max-chars|process-slot-var)$/,
  },
  env: { letters: "uCSa", long: /^--(?:unset|chdir|argv0)$/ },
  chrt: { letters: "TPD" },
  watch: { letters: "n", long: /^--interval$/ },
};

/** True when the option's value is the next word. */
function takesNextWord(name: string, option: string): boolean {
  const known = valueOptions[name];
  if (known === undefined) return false;
  if (option.startsWith("--")) return known.long?.test(option) === true;
  for (let at = 1; at < option.length; at += 1) {
    if (known.letters.includes(option[at]!)) return at === option.length - 1;
    if (known.attached?.includes(option[at]!) === true) return false;
  }
  return false;
}

/** Plain words that come before the inner command. */
const leadingWords: Record<string, number> = { timeout: 1, flock: 1, chrt: 1, taskset: 1, chroot: 1 };

const prefixing = new Set(
  "command builtin nohup nice ionice timeout stdbuf setsid exec time chrt taskset flock sudo doas chroot unbuffer caffeinate busybox toybox catchsegv".split(
    " ",
  ),
);
const shells = new Set(["sh", "bash", "dash", "ash"]);

export const isShell = (name: string): boolean => shells.has(name);

/** Null when the command runs no other. */
export function unwrap(invocation: Invocation): Unwrapped | null {
  const inner = unwrapKnown(invocation);
  // `X='5 rm a'; timeout $X ls`: what stands before the command may bring another one along.
  const hides = inner !== null && wordsBefore(invocation).some(isOpen);
  return hides ? { ...inner, findings: [...inner.findings, "shell.unknown-code"] } : inner;
}

const isOpen = (arg: Arg): boolean => arg.splits || arg.glob || (arg.dynamic && !/^\w+=/.test(arg.value));

/** What a wrapper takes for itself: its options and their values, and the settings of `env`. */
function wordsBefore({ name, args }: Invocation): readonly Arg[] {
  if (!prefixing.has(name) && !/^(?:env|xargs|watch|parallel)$/.test(name)) return [];
  let inner = afterOptions(name, args);
  if (name === "env") inner = inner.slice(inner.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value)));
  return args.slice(0, args.length - inner.length);
}

function unwrapKnown({ name, args }: Invocation): Unwrapped | null {
  if (name === "command" && /^-[vV]$/.test(args[0]?.value ?? "")) return null;
  if (prefixing.has(name)) return { ...none(), commands: nonEmpty(afterOptions(name, args)) };
  if (isShell(name)) return unwrapShell(args);
  switch (name) {
    case "env":
      return unwrapEnv(args);
    case "xargs":
      return unwrapXargs(args);
    case "find":
      return unwrapFind(args);
    case "eval":
      return { ...none(), scripts: joined(args) };
    case "trap":
      return /^-[lp]$/.test(args[0]?.value ?? "") ? none() : { ...none(), scripts: args.slice(0, 1) };
    case "watch":
      return { ...none(), scripts: joined(afterOptions(name, args)) };
    case "su":
    case "runuser":
      return { ...none(), scripts: args.filter((_, at) => /^(?:-c|--command)$/.test(args[at - 1]?.value ?? "")) };
    case "source":
    case ".":
      return { ...none(), findings: ["shell.program-file"] };
    case "parallel":
      return { ...none(), findings: ["shell.unknown-code"], commands: nonEmpty(afterOptions(name, args)) };
    case "alias":
    case "enable":
    case "shopt":
    case "complete":
    case "bind":
      return { ...none(), findings: ["shell.redefinition"] };
    default:
      return null;
  }
}

const nonEmpty = (words: Arg[]): Arg[][] => (words.length > 0 ? [words] : []);

function joined(args: readonly Arg[]): Arg[] {
  if (args.length === 0) return [];
  if (args.some((arg) => arg.dynamic || arg.glob)) return [unknownArg()];
  return [literalArg(args.map((arg) => arg.value).join(" "))];
}

function afterOptions(name: string, args: readonly Arg[]): Arg[] {
  let at = 0;
  while (at < args.length && /^-./.test(args[at]!.value)) {
    const option = args[at]!.value;
    at += 1;
    if (option === "--") break;
    if (takesNextWord(name, option)) at += 1;
  }
  return args.slice(at + (leadingWords[name] ?? 0));
}

function unwrapShell(args: readonly Arg[]): Unwrapped {
  const out = none();
  let at = 0;
  let takesScript = false;
  for (; at < args.length; at += 1) {
    const { value, dynamic } = args[at]!;
    if (dynamic) break;
    if (/^--(?:rcfile|init-file)/.test(value)) out.findings.push("shell.program-file");
    else if (value === "--version") return out;
    else if (/^[-+][a-zA-Z]*o$/.test(value)) at += 1;
    else if (!/^[-+]./.test(value)) break;
    if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(value)) takesScript = true;
  }
  const next = args[at];
  if (takesScript) {
    if (next === undefined) out.findings.push("shell.unknown-code");
    else out.scripts.push(next);
  } else if (next !== undefined) out.findings.push("shell.program-file");
  return out;
}

function unwrapEnv(args: readonly Arg[]): Unwrapped {
  const out = none();
  if (args.some(({ value }) => /^-[a-z]*S|^--split-string/.test(value)))
    return { ...out, findings: ["shell.unknown-code"] };
  const rest = afterOptions("env", args);
  const start = rest.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value));
  out.settings.push(...(start < 0 ? rest : rest.slice(0, start)));
  if (start >= 0) out.commands.push(rest.slice(start));
  return out;
}

/** xargs adds words that nobody knows yet, at the end or wherever its replacement text stands. */
function unwrapXargs(args: readonly Arg[]): Unwrapped {
  const inner = afterOptions("xargs", args);
  if (inner.length === 0) return { ...none(), commands: [[literalArg("echo"), unknownArg()]] };
  const marks = replacementMarks(args.slice(0, args.length - inner.length));
  if (marks === null) return { ...none(), findings: ["shell.unknown-code"], commands: [inner] };
  const replaced = inner.map((arg) =>
    marks.some((mark) => arg.value.includes(mark)) ? { ...arg, dynamic: true, prefix: "" } : arg,
  );
  return { ...none(), commands: [[...replaced, unknownArg()]] };
}

/** The texts that stand for an input line; null when they are not known. */
function replacementMarks(options: readonly Arg[]): string[] | null {
  const marks = ["{}"];
  for (const [at, option] of options.entries()) {
    const attached = /^(?:-[a-zA-Z0-9]*?[Ii]|--replace=)(.*)$/.exec(option.value);
    if (attached === null) continue;
    const mark = attached[1] !== "" ? attached[1] : option.value.endsWith("I") ? options[at + 1]?.value : "{}";
    if (option.dynamic || options[at + 1]?.dynamic === true || mark === undefined || mark === "") return null;
    marks.push(mark);
  }
  return marks;
}

/** `{}` is a name below the start folder, found while it runs. */
function unwrapFind(args: readonly Arg[]): Unwrapped {
  const out = none();
  for (let at = 0; at < args.length; at += 1) {
    const option = args[at]!.value;
    if (/^-(?:exec|execdir|ok|okdir)$/.test(option)) {
      let end = args.findIndex(({ value }, index) => index > at && (value === ";" || value === "+"));
      if (end < 0) end = args.length;
      const inner = args.slice(at + 1, end).map((arg) => (arg.value.includes("{}") ? foundName(arg) : arg));
      out.commands.push(inner.length > 0 ? inner : [unknownArg()]);
      at = end;
    } else if (option === "-delete") out.findings.push("find.delete");
    else if (/^-(?:fprint0?|fprintf|fls|files0-from)$/.test(option)) out.findings.push("path.unknown-write");
  }
  return out;
}

const foundName = (arg: Arg): Arg =>
  arg.value === "{}" ? literalArg("./found-file") : { ...arg, dynamic: true, prefix: "" };
