const kept = ["PATH", "HOME", "TMPDIR", "TEMP", "LANG", "SystemRoot", "USERPROFILE"];

/** What a program needs to start at all. The rest of our environment holds the Hub's secrets and is not for a server. */
export const minimalEnv = (): Record<string, string> =>
  Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
