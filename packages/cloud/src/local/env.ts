/** What our own programs get of this process's environment: the rest may hold the Hub's secrets and is not theirs. */

const basics = ["HOME", "TMPDIR", "TEMP", "LANG", "SystemRoot", "USERPROFILE"];
const network = /^(https?_proxy|no_proxy|all_proxy|npm_config_.*|node_extra_ca_certs|ssl_cert_(file|dir))$/i;

const pick = (wanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => wanted(entry[0]) && entry[1] !== undefined,
    ),
  );

/** PATH with the folders of system programs, which an unprivileged login may lack. */
export const searchPath = (): string =>
  process.platform === "win32" ? (process.env.PATH ?? "") : `${process.env.PATH ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;

/** What a program needs to start at all. */
export const minimalEnv = (): Record<string, string> => ({
  ...pick((name) => basics.includes(name)),
  PATH: searchPath(),
});

/** For programs that download: with the machine's proxies, certificates and npm settings. */
export const downloadEnv = (): Record<string, string> => ({ ...minimalEnv(), ...pick((name) => network.test(name)) });
