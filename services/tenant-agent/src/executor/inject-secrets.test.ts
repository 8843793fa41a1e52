import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { injectSecrets } from "./inject-secrets.ts";

/** Everything that bash could trip over, in one value. */
const nasty = `a'b"c$(touch /tmp/x)\`id\`\\n\${HOME} *?[x] {1,2} !;&|<>#~\tEND`;

// With a socket as its input bash takes itself for a remote shell and reads ~/.bashrc.
const runBash = (command: string, env: Record<string, string>) =>
  spawnSync("bash", ["--norc", "-c", command], {
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });

/** Runs the command in a real bash, as the command unit does. */
function run(command: string, values: Record<string, string>): string {
  const injected = injectSecrets(command, "t4g");
  for (const value of Object.values(values)) expect(injected.command).not.toContain(value);
  const env = Object.fromEntries(
    Object.entries(injected.variables).map(([variable, name]) => [variable, values[name] ?? "?"]),
  );
  const result = runBash(injected.command, env);
  return result.stdout + result.stderr;
}

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
  ["in an assignment", `t=SECRET_REF(key); ${show} "$t"`, `[${nasty}]`],
  ["in an assignment before a command", `t='SECRET_REF(key)' bash -c 'printf "[%s]" "$t"'`, `[${nasty}]`],
  ["in export", `export T=SECRET_REF(key); ${show} "$T"`, `[${nasty}]`],
  ["in an array", `a=(x SECRET_REF(key)); ${show} "\${a[1]}"`, `[${nasty}]`],
  ["in a substitution in double quotes", `${show} "$(${show} 'SECRET_REF(key)')"`, `[[${nasty}]]`],
  ["in a nested substitution", `${show} "$(${show} "$(${show} SECRET_REF(key))")"`, `[[[${nasty}]]]`],
  ["in a process substitution", `cat <(${show} SECRET_REF(key))`, `[${nasty}]`],
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
  ["in a condition", `if [[ SECRET_REF(key) == "SECRET_REF(key)" ]]; then echo same; fi`, "same\n"],
  ["in a case", `case SECRET_REF(key) in SECRET_REF(key)) echo same;; esac`, "same\n"],
  ["in a function", `f() { ${show} "$1" SECRET_REF(key); }; f a`, `[a][${nasty}]`],
  ["in a loop", `for i in 1 SECRET_REF(key); do ${show} "$i"; done`, `[1][${nasty}]`],
])("a reference %s becomes the exact value, as one word", (_where, command, expected) => {
  expect(run(command, { key: nasty })).toBe(expected);
});

test("any value arrives unchanged, in any of the quotings", () => {
  const value = fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(value, fc.constantFrom("SECRET_REF(key)", "'SECRET_REF(key)'", '"SECRET_REF(key)"'), (text, quoted) => {
      const wellFormed = text.toWellFormed();
      const { command } = injectSecrets(`printf %s ${quoted}`, "t4g");
      const { stdout } = runBash(command, { BERTH_SECRET_0_t4g: wellFormed });
      expect(stdout).toBe(wellFormed);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["a variable name", "SECRET_REF(key)=1"],
  ["a variable's expansion", 'echo "$SECRET_REF(key)"'],
  ["a parameter expansion", 'echo "${X:-SECRET_REF(key)}"'],
  ["arithmetic", "echo $((1 + SECRET_REF(key)))"],
  ["an arithmetic command", "(( x = SECRET_REF(key) ))"],
  ["a numeric test", "[[ SECRET_REF(key) -eq 1 ]]"],
  ["a brace expansion", "echo {a,SECRET_REF(key)}"],
  ["backticks", "echo `echo SECRET_REF(key)`"],
  ["a comment", "true # SECRET_REF(key)"],
  ["a place after a backslash", "echo \\SECRET_REF(key)"],
  ["a place after a backslash in quotes", 'echo "\\SECRET_REF(key)"'],
  ["an array index", "a[SECRET_REF(key)]=1"],
  ["eval", "eval 'echo SECRET_REF(key)'"],
  ["a trap", "trap 'echo SECRET_REF(key)' EXIT"],
  ["another shell's code", "bash -c 'echo SECRET_REF(key)'"],
  ["another shell's code behind a wrapper", "env sh -ec 'echo SECRET_REF(key)'"],
  ["another shell's code, the shell unknown", "$SHELL -c 'echo SECRET_REF(key)'"],
  ["another shell's here-document", "bash <<EOF\necho SECRET_REF(key)\nEOF\n"],
  ["a pipe into a shell", "echo SECRET_REF(key) | bash"],
  ["a here-document's delimiter", "cat <<SECRET_REF(key)\nx\nSECRET_REF(key)\n"],
  ["a function's name", "SECRET_REF(key)() { :; }"],
  ["a loop's variable", "for SECRET_REF(key) in 1; do :; done"],
  ["an unfinished command", "echo 'SECRET_REF(key)"],
])("a reference in %s is refused by name", (_where, command) => {
  expect(() => injectSecrets(command, "t4g")).toThrowError(
    expect.objectContaining({ code: "invalid_input", message: expect.stringContaining("SECRET_REF(key)") }),
  );
});

test("a command without a reference is left exactly as it is", () => {
  const command = "echo 'it''s' \"$HOME\" # fine";
  expect(injectSecrets(command, "t4g")).toEqual({ command, variables: {} });
});
