/** A word of a command as far as it is known before the shell runs. */
export interface Arg {
  /** Unquoted; for a word with expansions only `prefix` is certain. */
  value: string;
  /** The certain text before the first expansion or glob. */
  prefix: string;
  /** Holds an expansion whose outcome is unknown here. */
  dynamic: boolean;
  /** Holds an unquoted expansion, which may come out as several words. */
  splits: boolean;
  glob: boolean;
  /** Starts with an unquoted tilde. */
  home: boolean;
}

/** A simple command, its wrappers taken off. */
export interface Invocation {
  name: string;
  args: readonly Arg[];
}

export const literalArg = (value: string): Arg => ({
  value,
  prefix: value,
  dynamic: false,
  splits: false,
  glob: false,
  home: false,
});
export const unknownArg = (): Arg => ({
  ...literalArg("$unknown"),
  prefix: "",
  dynamic: true,
  splits: true,
});

/** True when one of the single letters is set (`-rf`) or one of the long options is given (`--force`, `--force=x`). */
export function hasOption(invocation: Invocation, letters: string, longNames: readonly string[] = []): boolean {
  for (const { value } of invocation.args) {
    if (value === "--") return false;
    if (/^-[A-Za-z0-9]/.test(value) && [...letters].some((letter) => value.includes(letter))) return true;
    if (longNames.some((name) => value === name || value.startsWith(`${name}=`))) return true;
  }
  return false;
}

/** Words that are not options. */
export function operandsOf(invocation: Invocation): Arg[] {
  const end = invocation.args.findIndex(({ value }) => value === "--");
  return invocation.args.filter((arg, at) => (end >= 0 && at > end) || !/^-./.test(arg.value));
}

/** The first word that is not an option: `commit` of `git commit`. Empty when there is none or it is unknown. */
export function subcommandOf(invocation: Invocation): string {
  const first = operandsOf(invocation)[0];
  return first === undefined || first.dynamic ? "" : first.value;
}
