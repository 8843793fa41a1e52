import type { Arg, Invocation } from "./invocation.ts";

/** Commands with options that run programs, delete or write: `find . "$X"` deletes if X is `-delete`. */
const optionsMatter = new Set(
  "find sort rg ag tar zip unzip git sed tree shuf iconv uniq xxd split csplit file date hostname dpkg dpkg-query yq systemctl journalctl docker podman npm pip pip3 apt wait printf".split(
    " ",
  ),
);

const couldBeOption = (arg: Arg): boolean =>
  arg.splits || ((arg.dynamic || arg.glob) && (arg.prefix === "" || arg.prefix.startsWith("-")));

/** True when a word that is only known while the command runs, or the name of a file, may turn out to be such an option. */
export function mayHideOption({ name, args }: Invocation): boolean {
  if (!optionsMatter.has(name)) return false;
  const considered = name === "printf" ? args.slice(0, 1) : args;
  // `find` takes options after `--`, too.
  const end = name === "find" ? -1 : considered.findIndex(({ value }) => value === "--");
  return considered.slice(0, end < 0 ? undefined : end).some(couldBeOption);
}
