import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appErrorOf } from "@berth/platform";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommandJob } from "../../command-runner.ts";
import { feedWords } from "./feed-words.ts";
import { injectSecrets } from "./inject-secrets.ts";
import { hintedPrograms, hintFor } from "./program-hints.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Everything that bash could trip over, in one value; no line of it is 16 characters of plain text. */
const nasty = `a'b"c$(touch made)\`touch made\`\\n\${HOME} *?[x] {1,2} !;&|<>#~\t%s\\x41 END`;
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "inject-"));
  // A program that shows its words as the kernel has them.
  writeFileSync(join(cwd, "show"), "#!/bin/sh\ntr '\\0' '|' < /proc/$$/cmdline\necho\n");
  chmodSync(join(cwd, "show"), 0o755);
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs the command as the command unit does. */
async function run(command: string, values: Record<string, string> = { key: nasty }): Promise<string> {
  const injected = injectSecrets(command, "t4g");
  for (const value of Object.values(values)) expect(injected.command).not.toContain(value);
  const secrets = feedWords(injected.feed, (name) => values[name] ?? "?");
  const job = { command: injected.command, cwd, secrets, timeoutMs: 20_000, maxOutputBytes: 100_000 };
  const { stdout, stderr } = await runCommandJob(job);
  return stdout + stderr;
}
const refusalOf = (command: string): string => {
  try {
    injectSecrets(command, "t4g");
    return "";
  } catch (error) {
    expect(appErrorOf(error).code).toBe("invalid_input");
    return appErrorOf(error).publicMessage;
  }
};

const show = "printf '[%s]'";

test.each([
  ["unquoted", `${show} SECRET_REF(key)`, `[${nasty}]`],
  ["unquoted inside a word", `${show} a-SECRET_REF(key)-b`, `[a-${nasty}-b]`],
  ["unquoted after an option", `${show} --token=SECRET_REF(key)`, `[--token=${nasty}]`],
  ["in double quotes", `${show} "Bearer SECRET_REF(key)"`, `[Bearer ${nasty}]`],
  ["in single quotes", `${show} 'Bearer SECRET_REF(key) $HOME'`, `[Bearer ${nasty} $HOME]`],
  ["in single quotes after a backslash", `${show} '\\SECRET_REF(key)'`, `[\\${nasty}]`],
  ["in ANSI quotes", `${show} $'a\\tSECRET_REF(key)\\tb'`, `[a\t${nasty}\tb]`],
  ["alone in single quotes", `${show} 'SECRET_REF(key)'`, `[${nasty}]`],
  ["twice", `${show} SECRET_REF(key)"SECRET_REF(key)"`, `[${nasty}${nasty}]`],
  ["in printf's format", `printf "a: SECRET_REF(key) %s\\n" x`, `a: ${nasty} x\n`],
  ["at the start of printf's format", "printf SECRET_REF(key)", nasty],
  ["in printf's format after dashes", "printf -- 'SECRET_REF(key)'", nasty],
  ["in printf -v", `printf -v t 'SECRET_REF(key)%s' SECRET_REF(key); ${show} "$t"`, `[${nasty}${nasty}]`],
  ["in an assignment", `t=SECRET_REF(key); ${show} "$t"`, `[${nasty}]`],
  ["in an appending assignment", `t=x; t+=SECRET_REF(key); ${show} "$t"`, `[x${nasty}]`],
  ["in an assignment before a command", `t='SECRET_REF(key)' bash -c 'printf "[%s]" "$t"'`, `[${nasty}]`],
  ["in export", `export T=SECRET_REF(key); ${show} "$T"`, `[${nasty}]`],
  ["in quotes after export", `export "T=SECRET_REF(key)"; ${show} "$T"`, `[${nasty}]`],
  ["in local", `f() { local t=SECRET_REF(key); ${show} "$t"; }; f`, `[${nasty}]`],
  ["in an array", `a=(x SECRET_REF(key)); ${show} "\${a[1]}"`, `[${nasty}]`],
  ["in an associative array", `declare -A a=([k]=SECRET_REF(key)); ${show} "\${a[k]}"`, `[${nasty}]`],
  ["in a substitution in double quotes", `${show} "$(${show} 'SECRET_REF(key)')"`, `[[${nasty}]]`],
  ["in a nested substitution", `${show} "$(${show} "$(${show} SECRET_REF(key))")"`, `[[[${nasty}]]]`],
  ["in a process substitution", `cat <(${show} SECRET_REF(key))`, `[${nasty}]`],
  [
    "in a process substitution inside a word",
    `cat -- ./"$(echo show)" <(${show} SECRET_REF(key)) | tail -n 1`,
    `[${nasty}]`,
  ],
  ["in a here-string", `cat <<< SECRET_REF(key)`, `${nasty}\n`],
  ["in a here-document", `cat <<EOF\nx=1 SECRET_REF(key)\nEOF\n`, `x=1 ${nasty}\n`],
  [
    "in a quoted here-document",
    "cat <<'EOF'\n$HOME `id` \\\\ SECRET_REF(key) \\\nEOF\n",
    `$HOME \`id\` \\\\ ${nasty} \\\n`,
  ],
  ["in a tab-stripped quoted here-document", 'cat <<-"EOF"\n\t$X SECRET_REF(key)\n\tEOF\n', `$X ${nasty}\n`],
  ["in a substitution in a here-document", `cat <<EOF\n$(${show} 'SECRET_REF(key)')\nEOF\n`, `[${nasty}]\n`],
  ["in a pipeline", `${show} SECRET_REF(key) | cat`, `[${nasty}]`],
  ["in a pipeline to a script's input", `${show} SECRET_REF(key) | bash -c cat`, `[${nasty}]`],
  ["in a condition", `if [[ SECRET_REF(key) == "SECRET_REF(key)" ]]; then echo same; fi`, "same\n"],
  ["in a regular expression", `t=SECRET_REF(key); [[ "$t" =~ ^SECRET_REF(key)$ ]] && echo same`, "same\n"],
  ["in test", `[ SECRET_REF(key) = 'SECRET_REF(key)' ] && echo same`, "same\n"],
  ["in a case", `case SECRET_REF(key) in SECRET_REF(key)) echo same;; esac`, "same\n"],
  ["in a function", `f() { ${show} "$1" SECRET_REF(key); }; f a`, `[a][${nasty}]`],
  ["as an argument of a function", `f() { ${show} "$1"; }; f SECRET_REF(key)`, `[${nasty}]`],
  ["in set", `set -- SECRET_REF(key); ${show} "$1"`, `[${nasty}]`],
  ["in a loop", `for i in 1 SECRET_REF(key); do ${show} "$i"; done`, `[1][${nasty}]`],
  ["in a subshell in the background", `(${show} SECRET_REF(key)) & wait`, `[${nasty}]`],
  ["in what a loop reads", `while IFS= read -r l; do ${show} "$l"; done <<< SECRET_REF(key)`, `[${nasty}]`],
])("a reference %s becomes the exact value, as one word", async (_where, command, expected) => {
  expect(await run(command)).toBe(expected);
  expect(readdirSync(cwd)).toEqual(["show"]);
});

test.each([
  ["a variable name", "SECRET_REF(key)=1"],
  ["a variable's expansion", 'echo "$SECRET_REF(key)"'],
  ["a parameter expansion", 'echo "${X:-SECRET_REF(key)}"'],
  ["arithmetic", "echo $((1 + SECRET_REF(key)))"],
  ["an arithmetic command", "(( x = SECRET_REF(key) ))"],
  ["a numeric test", "[[ SECRET_REF(key) -eq 1 ]]"],
  ["a test for a variable", "[[ -v SECRET_REF(key) ]]"],
  ["a test for a variable with test", "test -v SECRET_REF(key)"],
  ["a brace expansion", "echo {a,SECRET_REF(key)}"],
  ["backticks", "echo `echo SECRET_REF(key)`"],
  ["a comment", "true # SECRET_REF(key)"],
  ["a place after a backslash", "echo \\SECRET_REF(key)"],
  ["a place after a backslash in quotes", 'echo "\\SECRET_REF(key)"'],
  ["an array index", "a[SECRET_REF(key)]=1"],
  ["an integer", "declare -i x=SECRET_REF(key)"],
  ["a later integer", "declare -i x; x=SECRET_REF(key)"],
  ["a reference to a variable", "declare -n x=SECRET_REF(key)"],
  ["a prompt that bash expands", "PS4=SECRET_REF(key); set -x; true"],
  ["a variable that bash computes with", "RANDOM=SECRET_REF(key)"],
  ["the name of printf's variable", "printf -v SECRET_REF(key) x"],
  ["a printf directive", "printf '%SECRET_REF(key)'"],
  ["a printf escape", "printf '\\SECRET_REF(key)'"],
  ["a hexadecimal printf escape", "printf 'a\\x4SECRET_REF(key)'"],
  ["eval", "eval 'echo SECRET_REF(key)'"],
  ["what eval is given by a substitution", 'eval "$(printf %s SECRET_REF(key))"'],
  ["a trap", "trap 'echo SECRET_REF(key)' EXIT"],
  ["let", "let x=SECRET_REF(key)"],
  ["unset", "unset SECRET_REF(key)"],
  ["cd", "cd SECRET_REF(key)"],
  ["another shell's code", "bash -c 'echo SECRET_REF(key)'"],
  ["another shell's code behind a wrapper", "env sh -ec 'echo SECRET_REF(key)'"],
  ["another shell's code, the shell unknown", "$SHELL -c 'echo SECRET_REF(key)'"],
  ["another shell's here-document", "bash <<EOF\necho SECRET_REF(key)\nEOF\n"],
  ["another shell's code file", "bash <(echo SECRET_REF(key))"],
  ["a sourced file", ". <(echo SECRET_REF(key))"],
  ["an interpreter's here-document", "python3 - <<'EOF'\nprint('SECRET_REF(key)')\nEOF\n"],
  ["a pipe into a shell", "echo SECRET_REF(key) | bash"],
  ["a pipe into an interpreter", "echo SECRET_REF(key) | python3"],
  ["a pipe into xargs", "echo SECRET_REF(key) | xargs ./show"],
  ["a here-document's delimiter", "cat <<SECRET_REF(key)\nx\nSECRET_REF(key)\n"],
  ["a function's name", "SECRET_REF(key)() { :; }"],
  ["a loop's variable", "for SECRET_REF(key) in 1; do :; done"],
  ["a loop over PATH", "for PATH in SECRET_REF(key); do :; done"],
  ["a file's name", "echo x > SECRET_REF(key)"],
  ["a command's name", "SECRET_REF(key) x"],
  ["an unfinished command", "echo 'SECRET_REF(key)"],
  ["an argument of a program", "./show SECRET_REF(key)"],
  ["an option of a program", "./show --token='SECRET_REF(key)'"],
  ["an argument of a builtin that is taken for a program", "/usr/bin/printf %s SECRET_REF(key)"],
  ["an argument behind env", "env T=SECRET_REF(key) ./show"],
  ["an argument behind command", "command ./show SECRET_REF(key)"],
  ["an argument behind exec", "exec ./show SECRET_REF(key)"],
  ["a command that redefines builtins", "alias printf=./show; printf %s SECRET_REF(key)"],
  ["a command that switches builtins off", "enable -n printf; printf %s SECRET_REF(key)"],
])("a reference in %s is refused by name", (_where, command) => {
  expect(refusalOf(command)).toContain("SECRET_REF(key)");
});

test.each([
  ["a variable", 't=SECRET_REF(key); ./show -H "Bearer $t"', "$t"],
  ["a variable of a variable", 't=SECRET_REF(key); u="x ${t}"; ./show "$u"', "$u"],
  ["an exported variable", 'export T="SECRET_REF(key)"; ./show $T', "$T"],
  ["an array", 'a=(x SECRET_REF(key)); ./show "${a[@]}"', "$a"],
  ["a loop", 'for t in SECRET_REF(key); do ./show "$t"; done', "$t"],
  ["a function's argument", 'f() { ./show "$1"; }; f SECRET_REF(key)', "$1"],
  ["positional parameters", 'set -- SECRET_REF(key); ./show "$@"', "$@"],
  ["read", 'read -r t <<< SECRET_REF(key); ./show "$t"', "$t"],
  ["printf -v", 'printf -v t %s SECRET_REF(key); ./show "$t"', "$t"],
  ["a nested shell's environment", `T=SECRET_REF(key) bash -c './show "$T"'`, "$T"],
  ["a trap", `t=SECRET_REF(key); trap './show "$t"' EXIT`, "$t"],
  ["eval", `t=SECRET_REF(key); eval './show "$t"'`, "$t"],
])("a secret that %s would carry into an argument is refused before anything runs", (_where, command, variable) => {
  const message = refusalOf(command);
  expect(message).toContain(`${variable} holds a secret`);
  expect(message).toContain("SECRET_REF(key)");
});

test.each([
  ["a substitution", 't=SECRET_REF(key); ./show "$(printf %s "$t")"'],
  ["what read makes of a pipe", `printf '%s\\n' SECRET_REF(key) | while read -r l; do ./show "$l"; done`],
  ["an indirection", 't=SECRET_REF(key); n=t; ./show "${!n}"'],
  ["a name that is known late", 'x=./show; $x "$(printf %s SECRET_REF(key))"'],
  ["code that was put together", 't=SECRET_REF(key); u=$(printf %s "$t"); exec ./show "$u"'],
  ["one line of several", 't=SECRET_REF(long); for l in $(printf %s "$t"); do ./show "$l"; done'],
  ["a variable with the line break cut off", './show "$(printf %s SECRET_REF(tail))"'],
])(
  "a secret that %s carries into an argument is held back by the guard: the program is not started",
  async (_how, command) => {
    const values = {
      key: nasty,
      long: "first-line-of-it-long-enough\nsecond-line-of-it-long-enough",
      tail: "value-and-end\n\n",
    };
    const said = await run(command, values);
    expect(said).toContain("was not started: one of its arguments holds a secret");
    expect(said).not.toMatch(/\.\/show\|/);
    expect(said).not.toContain(nasty);
  },
);

test("the guard lets every other program run, with its words, its input, its environment and its exit code", async () => {
  const command = `t=SECRET_REF(key); f() { ./show f; return 4; }
    ./show 'a b' "" -x; A=1 env | grep ^A=; echo in | cat; ! ./show n; f; echo $?; bash -c 'exit 3'; echo $?
    x=./show; $x dynamic; command -v printf; (exec ./show exec); nothing-of-that-name; echo $?; echo "\${#t}"`;
  const said = await run(command);
  for (const part of ["./show|a b||-x|", "A=1", "in\n", "./show|n|", "./show|f|", "\n4\n", "\n3\n", "./show|dynamic|"])
    expect(said).toContain(part);
  for (const part of ["printf\n", "/show|exec|", "command not found", "\n127\n", `\n${nasty.length}\n`])
    expect(said).toContain(part);
});

test("the value is in no environment but the one that asks for it", async () => {
  const looks = "tr '\\0' '\\n' < /proc/self/environ; cat /proc/$$/environ | tr '\\0' '\\n'";
  expect(await run(`t=SECRET_REF(key); ${looks}; printf %s "$t" >/dev/null`)).not.toContain("END");
  expect(await run("T=SECRET_REF(key) printenv T; printenv T; echo $?")).toBe(`${nasty}\n1\n`);
});

test.each(hintedPrograms)("what is said instead of an argument of %s is a command that can run", (program) => {
  const message = refusalOf(`${program} --password=SECRET_REF(key)`);
  const example = /Write for example: ([\s\S]*?)(?: Commands have no network.*)?$/.exec(message)?.[1] ?? "";
  expect(example).toContain("SECRET_REF(key)");
  expect(refusalOf(example)).toBe("");
});

test("for a program that nobody knows the three ways are named, and each of them runs", async () => {
  const hint = hintFor(["frobnicate"], "key");
  const ways = [...hint.matchAll(/\(((?:[^()]|\([^()]*\)|<\([^()]*\([^()]*\)\))+)\)/g)].map(([, way = ""]) =>
    way.replace("PROGRAM", "cat"),
  );
  expect(ways).toHaveLength(3);
  expect(await run(ways[0] ?? "")).toBe(nasty);
  expect(await run(ways[1] ?? "")).toBe(nasty);
  expect(await run((ways[2] ?? "").replace(/ cat$/, " printenv NAME"))).toBe(`${nasty}\n`);
});

test("a real program takes a secret in the ways that are recommended", async () => {
  const values = { key: 'open sesame\'s "key" $1' };
  const sealed = `P=SECRET_REF(key) openssl enc -aes-256-cbc -pbkdf2 -pass env:P -in show -out sealed`;
  const opened = `openssl enc -d -aes-256-cbc -pbkdf2 -pass file:<(printf '%s' SECRET_REF(key)) -in sealed | cmp - show && echo same`;
  expect(await run(`${sealed}; ${opened}; rm sealed`, values)).toBe("same\n");
});

test("a command without a reference is left exactly as it is", () => {
  const command = "echo 'it''s' \"$HOME\" # fine";
  expect(injectSecrets(command, "t4g")).toEqual({ command, feed: [] });
});
