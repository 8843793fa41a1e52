/**
 * Every environment switch of the gateway's process. The gateway hands its environment to what it starts, so no secret
 * ever belongs here.
 */
export function openclawEnvironment(input: {
  stateDir: string;
  configFile: string;
  homeDir: string;
}): Record<string, string> {
  return {
    HOME: input.homeDir,
    OPENCLAW_STATE_DIR: input.stateDir,
    OPENCLAW_CONFIG_PATH: input.configFile,
    /** The config is managed from outside; doctor, plugins and agents cannot rewrite it. */
    OPENCLAW_CONFIG_READONLY: "1",
    /** Trajectories keep un-redacted prompts, arguments and results. */
    OPENCLAW_TRAJECTORY: "0",
    OPENCLAW_DISABLE_BONJOUR: "1",
    OPENCLAW_NO_RESPAWN: "1",
    OPENCLAW_NO_AUTO_UPDATE: "1",
    OPENCLAW_OFFLINE: "1",
    OPENCLAW_EXEC_SHELL_SNAPSHOT: "0",
    DO_NOT_TRACK: "1",
    NODE_ENV: "production",
  };
}
