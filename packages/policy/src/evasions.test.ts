import { describe, expect, it } from "vitest";
import { atLeast } from "./act-class.ts";
import { classify } from "./classify.ts";

/** Ways to dress a Red act as a harmless one; each was green or yellow once, or would be with a simpler engine. */
const evasions = [
  "xargs -Iecho sh -c 'echo' < list.txt",
  "xargs -I @ sh -c @ < list.txt",
  "xargs -I{} sh -c '{}' < list.txt",
  "xargs --replace=ls ls < list.txt",
  'awk \'{print "a;b" > "x"}\' a',
  'awk \'{print "a" \\\n > "x"}\' a',
  "awk '{print | \"sh\"}' a",
  "ln -s .git alias; echo x > alias/config",
  "cp -s .git/config c; echo x > c",
  "cp .git/HEAD fake/",
  "echo 'ref: x' > fake/HEAD",
  "git init --separate-git-dir=gd",
  "git init --bare fake",
  "getopts a 'x[$(id)]'",
  "wait -p 'x[$(id)]'",
  "let x=y",
  "declare -i x=y",
  "y='a[$(id)]'; declare -ri x=y",
  "x='a[$(id)]'; echo $[x]",
  "x='a[$(id)]'; echo ${b[x]}",
  "x='a[$(id)]'; echo ${b:x}",
  "x='a[$(id)]'; b[x]=1",
  "f() { echo $(($1)); }; f 'a[$(id)]'",
  "mapfile -C 'rm x' -c 1 a < list.txt",
  "read 'a[$(id)]' < list.txt",
  "unset 'a[$(id)]'",
  "bash --rcfile x -ic ls",
  "env -S 'rm x'",
  "flock lock -c 'rm x'",
  "find . -exec sh {} +",
  "find . -exec sh -c {} +",
  "trap -- 'rm x' EXIT",
  "builtin eval 'rm x'",
  "command -p rm x",
  "exec -a ls rm x",
  "exec -aname rm x",
  "xargs -0I ls rm < list.txt",
  "xargs -dn rm ls < list.txt",
  "xargs --replace rm ls < list.txt",
  "xargs -irm rm < list.txt",
  "env -iu X rm x",
  "timeout -vk 5 10 rm x",
  "nice -n5 rm x",
  "bash -O extglob -c 'rm x'",
  "bash -c -- 'rm x'",
  "zip -d a.zip b",
  "sed '1p\nw x' a",
  "sed -f x a",
  "sed s/a/b/e a",
  "cat x |& sh",
  "while read -r l; do $l; done < list.txt",
  "printf 'rm x' | tee /dev/null | bash",
  "exec 3<>/dev/tcp/example.com/80",
  "sort -o .git/config a",
  "mv -n a .git/hooks/post-commit",
  "command_not_found_handle() { rm x; }; nonsense",
  "git --exec-path=. status",
  "git -C . -c alias.x=!id x",
];

describe("evasions", () => {
  it.each(evasions)("%s is Red at least", (command) => {
    const { actClass, rules } = classify({ tool: "run_command", args: { command }, agent: "main", origin: "person" });
    expect(atLeast(actClass, "red"), `${actClass} ${rules.join(" ")}`).toBe(true);
  });
});
