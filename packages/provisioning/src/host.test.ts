import { execFileSync } from "node:child_process";
import { secretOf } from "@berth/platform";
import fc from "fast-check";
import ssh2 from "ssh2";
import { describe, expect, test } from "vitest";
import { type ExecOptions, type ExecResult, type FileState, type Host, type HostFile, quoteArgv } from "./host.ts";
import { runSteps } from "./host-step.ts";
import { cloudInitUserData, generateSshKeyPair, type HostInputs } from "./index.ts";
import { machineSteps } from "./machine/machine-steps.ts";
import { quietLog } from "./testing/staged-server.ts";

/** Notes what it is told. Nothing is ever done on it, but what a step waits for has come true. */
class RecordingHost implements Host {
  argvs: string[][] = [];
  files: HostFile[] = [];
  async exec(argv: readonly string[], _options?: ExecOptions): Promise<ExecResult> {
    this.argvs.push([...argv]);
    const waitedFor = argv[0] === "runuser" || argv[3] === '[ ! -e "$1" ] && [ ! -e "$2" ]';
    const question = argv[0] === "sh" && /^\[/.test(argv[3] ?? "");
    return { code: question && !waitedFor ? 1 : 0, stdout: "", stderr: "" };
  }
  async putFiles(files: readonly HostFile[]): Promise<void> {
    this.files.push(...files);
  }
  async inspectFiles(): Promise<Map<string, FileState>> {
    return new Map();
  }
  async putTree(): Promise<void> {}
  async close(): Promise<void> {}
}

const inputs: HostInputs = {
  tenantId: "tnt_00000000000000000000000000000001",
  isolation: "machine",
  hubUrl: "https://hub.example",
  realtimeUrl: "wss://realtime.example",
  hubKeys: [{ kid: "hub-1", publicKey: "A".repeat(43) }],
  enrolmentToken: secretOf("the-enrolment-token-value"),
  policyJws: "a.b.c",
  llm: { anthropic: { baseUrl: "https://api.anthropic.com" } },
  vaultSeed: [
    { name: "x", value: "the-seed-value", owner: "operator", bindings: { tools: [], hosts: [], methods: [] } },
  ],
};
const secrets = ["the-enrolment-token-value", "the-seed-value"];

describe("the host plan", () => {
  const artefacts = { dir: "/nowhere", version: "v1" };
  const steps = machineSteps({ inputs, artefacts, openclawConfig: { gateway: {} } });

  test("gives no secret to a program's arguments, and each secret to one private file only", async () => {
    const host = new RecordingHost();
    for (const step of steps) {
      await step.done(host);
      await step.apply(host);
    }
    const said = host.argvs.flat().join("\n");
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(said).toContain("gateway-token");
    for (const secret of secrets) {
      const holders = host.files.filter((file) => file.content.includes(secret));
      expect(holders.map(({ mode, owner }) => `${mode} ${owner}`)).toEqual(["0600 berth-agent:berth-agent"]);
    }
  });

  test("loads the firewall before it starts anything", () => {
    const names = steps.map((step) => step.name);
    expect(names.indexOf("firewall")).toBeLessThan(names.indexOf("services"));
    expect(names.indexOf("firewall")).toBeGreaterThan(-1);
  });

  test("stops at a step that does not take, and says which", async () => {
    const never = { name: "users", done: async () => false, apply: async () => {} };
    const after = { name: "later", done: async () => expect.fail("went on"), apply: async () => {} };
    const run = runSteps(new RecordingHost(), [never, after], { log: quietLog, onStep: () => {} });
    await expect(run).rejects.toMatchObject({ code: "unavailable", publicMessage: expect.stringContaining("users") });
  });

  test("leaves alone what is done", async () => {
    const reports: object[] = [];
    const done = { name: "users", done: async () => true, apply: async () => expect.fail("was applied") };
    await runSteps(new RecordingHost(), [done], { log: quietLog, onStep: (report) => reports.push(report) });
    expect(reports).toEqual([{ name: "users", ms: expect.any(Number), changed: false }]);
  });
});

describe("quoteArgv", () => {
  test("gives a shell exactly the words that went in", () => {
    const words = fc.array(
      fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
      { minLength: 1, maxLength: 5 },
    );
    const check = (argv: string[]) => {
      const line = quoteArgv(["printf", "%s\\0", ...argv]);
      const said = execFileSync("sh", ["-c", line], { encoding: "utf8" });
      expect(said.split("\0").slice(0, -1)).toEqual(argv.map((word) => Buffer.from(word).toString()));
    };
    fc.assert(fc.property(words, check), { numRuns: 40 });
    check(["'; rm -rf /", "$(id)", "a b", "", "`x`", "\n", "\\"]);
  });
});

describe("ssh keys and first boot", () => {
  test("a pair is ed25519 in OpenSSH's formats, its two halves belong together, and the private one does not print", () => {
    const pair = generateSshKeyPair();
    expect(pair.publicKey).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI\S+ berth$/);
    expect(JSON.stringify(pair)).not.toContain("BEGIN");
    const data = cloudInitUserData({ hostKey: pair, authorizedKey: pair.publicKey });
    const config = JSON.parse(data.slice(data.indexOf("\n")));
    const parsed = ssh2.utils.parseKey(config.ssh_keys.ed25519_private);
    if (parsed instanceof Error) throw parsed;
    expect(parsed.type).toBe("ssh-ed25519");
    expect(parsed.getPublicSSH().toString("base64")).toBe(pair.publicKey.split(" ")[1]);
    expect(generateSshKeyPair().publicKey).not.toBe(pair.publicKey);
  });

  test("user data holds no password and one login key, and takes nothing but ed25519 lines", () => {
    const hostKey = generateSshKeyPair();
    const data = cloudInitUserData({ hostKey, authorizedKey: hostKey.publicKey });
    expect(data).toMatch(/^#cloud-config\n/);
    const config = JSON.parse(data.slice(data.indexOf("\n")));
    expect(config).toMatchObject({ ssh_pwauth: false, users: [{ name: "root", lock_passwd: true }] });
    expect(data).not.toMatch(/"(?:passwd|plain_text_passwd|hashed_passwd|password|chpasswd)"/);
    for (const authorizedKey of ["", "ssh-rsa AAAA", `${hostKey.publicKey}\nruncmd: [x]`, "ssh-ed25519"]) {
      expect(() => cloudInitUserData({ hostKey, authorizedKey })).toThrow(/ed25519/);
    }
  });
});
