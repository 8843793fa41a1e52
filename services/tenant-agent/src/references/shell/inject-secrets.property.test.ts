import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { feedWords } from "./feed-words.ts";
import { injectSecrets } from "./inject-secrets.ts";

vi.setConfig({ testTimeout: 120_000 });

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "inject-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** As the command unit does it, but waiting for the end; descriptor 3 is a file, which never fills up. */
function runBash(words: string[], fed: string[] = []) {
  const file = join(dir, "fed");
  writeFileSync(file, fed.map((word) => `${word}\0`).join(""));
  const feed = openSync(file, "r");
  const env = { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8" };
  const result = spawnSync("bash", ["--norc", ...words], {
    env,
    stdio: ["ignore", "pipe", "pipe", feed],
    encoding: "utf8",
  });
  closeSync(feed);
  return { code: result.status, said: result.stdout + result.stderr };
}
const put = (template: string, value: string): string => {
  const { command, feed } = injectSecrets(template, "t4g");
  return runBash(
    ["-c", command],
    feedWords(feed, () => value),
  ).said;
};

const ref = "SECRET_REF(key)";
const same = (value: string) => value;
const noTrailingBreaks = (value: string) => value.replace(/\n+$/, "");
const p = "printf %s";

/** Each with what it prints for a value. */
const templates: [string, (value: string) => string][] = [
  [`${p} ${ref}`, same],
  [`${p} '${ref}'`, same],
  [`${p} "${ref}"`, same],
  [`${p} $'${ref}'`, same],
  [`${p} a${ref}'b${ref}'"c${ref}"`, (value) => `a${value}b${value}c${value}`],
  [`printf ${ref}`, same],
  [`printf '100%% ${ref} %s' x`, (value) => `100% ${value} x`],
  [`x=${ref}; ${p} "$x"`, same],
  [`x='${ref}'; y="$x"; ${p} "$y"`, same],
  [`x=1 y=${ref} sh -c '${p} "$y"'`, same],
  [`export X="${ref}"; sh -c '${p} "$X"'`, same],
  [`cat <<E\n${ref}\nE\n`, (value) => `${value}\n`],
  [`cat <<'E'\n$HOME \\ ${ref}\nE\n`, (value) => `$HOME \\ ${value}\n`],
  [`cat <<-"E"\n\t${ref}$x\n\tE\n`, (value) => `${value}$x\n`],
  [`cat <<< ${ref}`, (value) => `${value}\n`],
  [`a=(${ref} "${ref}"); ${p} "\${a[1]}" "\${#a[@]}"`, (value) => `${value}2`],
  [`[[ ${ref} == ${ref} && "${ref}" = '${ref}' ]] && ${p} yes`, () => "yes"],
  [`x=${ref}; [[ $x == ${ref} ]] && ${p} yes`, () => "yes"],
  [`x=${ref}; [[ "$x" =~ ^${ref}$ ]] && ${p} yes`, () => "yes"],
  [`[ ${ref} = "${ref}" ] && ${p} yes`, () => "yes"],
  [`case ${ref} in x) ;; "${ref}") ${p} yes;; esac`, () => "yes"],
  [`case x${ref} in x${ref}) ${p} yes;; esac`, () => "yes"],
  [`${p} "$(${p} ${ref})"`, noTrailingBreaks],
  [`${p} "$(${p} "$(${p} '${ref}')")"`, noTrailingBreaks],
  [`cat <(${p} ${ref}) | cat`, same],
  [`{ ${p} ${ref}; } | (cat)`, same],
  [`for i in ${ref} '${ref}'; do ${p} "$i"; done`, (value) => value + value],
  [`f() { local y=${ref}; ${p} "$1" "$y"; }; f ${ref}`, (value) => value + value],
  [`set -- ${ref}; ${p} "$#" "$1"`, (value) => `1${value}`],
  [`if true; then while :; do ${p} ${ref}; break; done; fi`, same],
  [`(${p} ${ref} & wait)`, same],
];

/** Made of what bash reads in a special way, with ordinary and wide letters between. */
const pieces = fc.constantFrom(
  ..."'\"`\\$(){}[]<>|&;*?!#~%^=+-,:@./ \t\n\rax0é€😀\u{301}\u{7f}\u{1}",
  "$(echo no)",
  "`echo no`",
  "${HOME}",
  "\\n",
  "\\x41",
  "%s",
  "-n",
  "EOF\n",
  "\nE\n",
  "BERTHREF",
  "a[$(echo no)]",
);
const value = fc.oneof(
  fc.array(pieces, { minLength: 8, maxLength: 40 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", minLength: 8, maxLength: 200 }).map((text) => text.toWellFormed().replaceAll("\0", "")),
);

test("any value comes out of any place byte for byte: no second word, no expansion, nothing left out", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(...templates), (text, [template, expected]) => {
      fc.pre(text.length >= 8);
      expect(put(template, text)).toBe(expected(text));
    }),
    { numRuns: 600 },
  );
});

test("every one of the places is tried with a value of everything that bash could trip over", () => {
  const all = `-n %s$(echo no)\`echo no\`'"\\\\ *?[a] \${HOME} {1,2} !;&|<>#~\t\nE\nEOF\n\x01\r😀 -`;
  for (const [template, expected] of templates) expect(put(template, all), template).toBe(expected(all));
});

/** Scripts put together at random from the commands of a shell; whatever comes out, nothing of it may be the value's doing. */
const script = fc.letrec<{ command: string; word: string }>((tie) => ({
  word: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      ref,
      `'${ref}'`,
      `"a ${ref}"`,
      `x${ref}y`,
      "plain",
      '"$v"',
      "$v",
      `$'\\t${ref}'`,
      `\\${ref}`,
      `{a,${ref}}`,
    ),
    tie("command").map((command) => `"$(${command})"`),
    tie("command").map((command) => `<(${command})`),
  ),
  command: fc.oneof(
    { maxDepth: 3 },
    tie("word").map((word) => `printf '%s\\n' ${word}`),
    tie("word").map((word) => `v=${word}`),
    tie("word").map((word) => `cat ${word}`),
    tie("word").map((word) => `cat <<< ${word}`),
    tie("word").map((word) => `v=${word} sh -c 'printf %s "$v"'`),
    fc.tuple(tie("word"), tie("word")).map(([one, two]) => `[[ ${one} == ${two} ]]`),
    fc.tuple(tie("command"), tie("command")).map(([one, two]) => `${one} | ${two}`),
    fc.tuple(tie("command"), tie("command")).map(([one, two]) => `${one}; ${two}`),
    tie("command").map((command) => `if ${command}; then :; fi`),
    fc.tuple(tie("word"), tie("command")).map(([word, command]) => `for v in ${word}; do ${command}; done`),
    fc.constant(`cat <<'E'\n${ref}\nE\n`),
  ),
})).command;

test("in scripts put together at random a value is refused, or is never run, never split off and in no program's arguments", () => {
  // Run or evaluated, it would leave its mark; as an argument it would be in the trace of what is started.
  const planted = 'it$(echo R"A"N >&2)`echo R"A"N >&2`; echo R"A"N >&2; #';
  let ran = 0;
  fc.assert(
    fc.property(script, (text) => {
      if (!text.includes(ref)) return;
      let injected: ReturnType<typeof injectSecrets>;
      try {
        injected = injectSecrets(text, "t4g");
      } catch (error) {
        expect(error).toMatchObject({ code: "invalid_input" });
        return;
      }
      ran += 1;
      const { said } = runBash(
        ["-c", injected.command],
        feedWords(injected.feed, () => planted),
      );
      expect(said.replaceAll(planted, ""), injected.command).not.toContain("RAN");
      // What bash could read before, it can read still.
      const readable = (script: string) => runBash(["-n", "-c", script]).code === 0;
      if (readable(text.replaceAll(ref, "word"))) expect(readable(injected.command), injected.command).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect(ran).toBeGreaterThan(100);
});
