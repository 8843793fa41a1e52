import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { entryOf, openclawDir } from "@berth/testkit/openclaw";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultProviderModels, openclawConfig } from "./openclaw-config.ts";
import { openclawEnvironment } from "./openclaw-environment.ts";

const run = promisify(execFile);
const pluginDir = fileURLToPath(new URL("../../../../services/safety-wrapper", import.meta.url));

describe("openclawConfig", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "berth-config-"));
    mkdirSync(join(dir, "state"), { mode: 0o700 });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const configWith = (gatewayToken: Parameters<typeof openclawConfig>[0]["gatewayToken"]) =>
    openclawConfig({
      gatewayPort: 18789,
      gatewayToken,
      llmPort: 18790,
      channelPort: 18792,
      agentSocket: "/run/berth/wrapper/agent.sock",
      pluginDir,
      workspaceDir: join(dir, "state/workspace"),
      logFile: join(dir, "openclaw.log"),
      providers: defaultProviderModels,
    });
  const validate = async (config: object) => {
    const configFile = join(dir, "openclaw.json");
    writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
    const env = {
      ...openclawEnvironment({ stateDir: join(dir, "state"), configFile, homeDir: dir }),
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    };
    const argv = [entryOf(await openclawDir()), "config", "validate"];
    return run(process.execPath, argv, { env, cwd: dir }).then(
      ({ stdout, stderr }) => ({ ok: true, text: stdout + stderr }),
      (error: { stdout: string; stderr: string }) => ({ ok: false, text: error.stdout + error.stderr }),
    );
  };

  it.each([
    ["a literal token", { source: "literal", value: "x".repeat(43) }],
    ["a token file", { source: "file", path: "/run/credentials/openclaw.service/gateway-token" }],
  ] as const)("is valid for the pinned OpenClaw with %s", async (_name, token) => {
    const { ok, text } = await validate(configWith(token));
    expect(text).not.toMatch(/warn|unknown|ignored/i);
    expect(ok, text).toBe(true);
  });

  it("is refused by the same check when a key is wrong", async () => {
    const { ok } = await validate({ ...configWith({ source: "literal", value: "x".repeat(43) }), surprise: true });
    expect(ok).toBe(false);
  });

  it("holds no token when the token lies in a file", () => {
    const text = JSON.stringify(configWith({ source: "file", path: "/a/gateway-token" }));
    expect(text).toContain('"source":"file"');
    expect(text).not.toContain('"token":"');
  });
});
