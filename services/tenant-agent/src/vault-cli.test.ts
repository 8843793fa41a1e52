import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fingerprintOf, generateVaultKey, readVaultKeys, stageNextKey } from "@berth/vault";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { plantedValue, startTestMachine, type TestMachine } from "./testing/test-machine.ts";
import { readValue, type ValueSource } from "./vault-cli/read-value.ts";
import { failureOf, runVaultCli } from "./vault-cli.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let machine: TestMachine;
/** A second server, with nothing but the operator's key in its vault. */
let fresh: TestMachine;
beforeAll(async () => {
  machine = await startTestMachine();
  await machine.startReady();
  fresh = await startTestMachine();
  writeFileSync(fresh.config.vaultSeedFile, JSON.stringify({ secrets: [] }));
  await fresh.startReady();
});
afterAll(async () => {
  await machine.stop();
  await fresh.stop();
});

const on =
  (server: TestMachine) =>
  async (argv: string[], value = "") =>
    runVaultCli({
      argv: ["--socket", server.config.sockets.admin, ...argv],
      readSecret: (prompt) => readValue(Readable.from([value]), () => undefined, prompt),
    }).catch(failureOf);
const cli = (argv: string[], value = "") => on(machine)(argv, value);
const keyFile = () => ["--key-file", machine.config.vaultKeyFile];
const said = (exitCode: number, ...words: string[]) => ({
  exitCode,
  text: expect.stringMatching(new RegExp(words.join(".*"), "s")),
});

describe("secrets", () => {
  test("are stored, listed, bound, rotated, removed and audited, and no value is ever printed", async () => {
    const shown = [
      await cli(["set", "crm_token", "--tool", "http_request", "--host", "crm.example.com"], "tok-crm-value-123\n"),
      await cli(["bind", "crm_token", "--method", "get", "--method", "HEAD"]),
      await cli(["rotate", "crm_token"], "tok-crm-value-456\n"),
      await cli(["list"]),
      await cli(["audit"]),
      await cli(["status"]),
      await cli(["verify"]),
    ];
    expect(shown.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(shown[1]).toEqual(
      said(0, "bound crm_token", "tools: http_request", "hosts: crm.example.com", "methods: GET,HEAD"),
    );
    expect(shown[3]?.text).toContain(
      "crm_token  v2  customer  tools: http_request  hosts: crm.example.com  methods: GET,HEAD",
    );
    expect(shown[4]?.text).toMatch(/ bind {2}crm_token .* rotate {2}crm_token /s);
    expect(JSON.stringify(shown)).not.toMatch(/tok-crm-value|planted/);
    const { answer } = await machine.ask("/v1/redact", { texts: ["tok-crm-value-123 and tok-crm-value-456"] });
    expect(answer).toEqual({ texts: ["SECRET_REF(crm_token) and SECRET_REF(crm_token)"] });
    expect(await cli(["remove", "crm_token"])).toEqual(said(0, "removed"));
    expect(await cli(["remove", "crm_token"])).toEqual(said(1, "no secret named crm_token"));
  });

  test("set on one that is there keeps the bindings that are not given anew", async () => {
    await cli(["set", "kept", "--tool", "run_command", "--method", "POST"], "first-value-0815");
    expect(await cli(["set", "kept", "--host", "a.example"], "second-value-0815")).toEqual(
      said(0, "version 2", "tools: run_command", "hosts: a.example", "methods: POST"),
    );
    expect(await cli(["bind", "kept", "--nowhere"])).toEqual(said(0, "tools: none", "hosts: none", "methods: none"));
  });

  test("that are generated belong to nobody who has seen them", async () => {
    expect(await cli(["set", "made_here", "--generate", "--tool", "run_command"])).toEqual(said(0, "stored made_here"));
    expect((await cli(["list"])).text).toMatch(/made_here {2}v1 {2}generated/);
    expect(await cli(["rotate", "made_here", "--generate"])).toEqual(said(0, "now version 2"));
  });

  test.each([
    ["a value that is too short", ["set", "short"], "abc", 1, "shorter than 8"],
    ["a name that breaks the rule", ["set", "Bad Name"], "long-enough-value", 1, "must start with a letter a-z"],
    ["a host with a scheme", ["bind", "kept", "--host", "https://a.example"], "", 1, "hosts.*without scheme"],
    ["a tool that is none", ["bind", "kept", "--tool", "Run!"], "", 1, "tools.*a tool's name"],
    ["a method that is none", ["bind", "kept", "--method", "FETCH"], "", 1, "methods"],
    ["an unknown secret", ["rotate", "nobody"], "long-enough-value", 1, 'no secret named "nobody"'],
    ["a missing name", ["set"], "long-enough-value", 64, "name of the secret is missing"],
    ["bindings that are not given", ["bind", "kept"], "", 64, "--tool, --host or --method, or --nowhere"],
    ["--nowhere with a place", ["bind", "kept", "--nowhere", "--host", "a.example"], "", 64, "stands alone"],
    ["an unknown command", ["frobnicate"], "", 64, "no such command.*--help"],
    ["a command of Object's own", ["toString"], "", 64, "no such command"],
    ["an option that the command does not take", ["list", "--tool", "x"], "", 64, "list takes no --tool"],
    ["a head that is none", ["verify", "--head", "12"], "", 64, "a number, a colon and 64 hex digits"],
  ])("%s is refused with the way out", async (_what, argv, value, exitCode, reason) => {
    expect(await cli(argv, value)).toEqual(said(exitCode, reason));
  });

  test("a value among the arguments is refused before anything is done, and not repeated", async () => {
    for (const argv of [
      ["set", "strayed", "my-secret-value-1"],
      ["set", "strayed", "--value=my-secret-value-1"],
    ]) {
      const result = await cli(argv, "other-value-4711");
      expect(result.exitCode).toBe(64);
      expect(result.text).not.toContain("my-secret");
    }
    expect((await cli(["list"])).text).not.toContain("strayed");
  });

  test("the help names every command, option and exit code", async () => {
    const { text, exitCode } = await cli(["--help"]);
    expect(exitCode).toBe(0);
    const commands = ["list", "set", "rotate", "bind", "remove", "audit", "verify", "rekey", "recovery-key", "backup"];
    for (const command of [...commands, "restore", "status"]) expect(text).toContain(`\n  ${command}`);
    for (const option of [
      "--tool",
      "--host",
      "--method",
      "--nowhere",
      "--generate",
      "--key-file",
      "--head",
      "--replace",
    ])
      expect(text).toContain(option);
    expect(text).toMatch(/Exit codes: 0 .*1 .*2 .*64 .*69 /s);
    expect(await cli([])).toEqual({ text, exitCode: 0 });
  });
});

describe("verify", () => {
  test("gives a head that can be noted, and finds it again", async () => {
    const { text } = await cli(["verify"]);
    const head = /head: (\d+:[0-9a-f]{64})$/.exec(text)?.[1] ?? "";
    expect(await cli(["verify", "--head", head])).toEqual(said(0, "audit chain is whole"));
    const other = head.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await cli(["verify", "--head", other])).toEqual(said(2, "cut, or an older vault was put in place"));
  });

  test("finds an older vault that was put in place, by what the agent noted in its ledger, until a backup is restored", async () => {
    await fresh.stopAgent();
    const file = join(fresh.config.stateDir, "vault.db");
    const older = readFileSync(file);
    await fresh.startReady();
    await on(fresh)(["set", "newer", "--generate"]);
    await fresh.stopAgent();
    rmSync(`${file}-wal`, { force: true });
    writeFileSync(file, older);
    await fresh.startReady();
    expect(await on(fresh)(["verify"])).toEqual(said(2, "older vault was put in place"));
    expect(fresh.logLines.join("")).toContain("cut or replaced");
  });
});

describe("rekey", () => {
  test("seals vault and ledger with a new key in the running agent, which goes on with it after a restart", async () => {
    const [before] = readVaultKeys(machine.config.vaultKeyFile);
    expect(await cli(["rekey", ...keyFile()])).toEqual(said(0, "sealed with a new key", "1 key in"));
    const after = readVaultKeys(machine.config.vaultKeyFile);
    expect(after).toHaveLength(1);
    expect(after[0]).not.toEqual(before);
    expect(statSync(machine.config.vaultKeyFile).mode & 0o777).toBe(0o400);
    expect((await cli(["audit"])).text).toContain(`rekey  *  v`);
    await machine.stopAgent();
    await machine.startReady();
    expect(await cli(["verify"])).toEqual(said(0, "audit chain is whole"));
    const { answer } = await machine.ask("/v1/redact", { texts: [plantedValue] });
    expect(answer).toEqual({ texts: ["SECRET_REF(api_key)"] });
  });

  test("carries on where one broke off, whichever of the two keys the vault is sealed with", async () => {
    stageNextKey(machine.config.vaultKeyFile, generateVaultKey());
    expect(await cli(["rekey", ...keyFile()])).toEqual(said(0, "1 key in"));
    // Broken off after the agent took the new key: the old one stands first.
    const [present = Buffer.alloc(0)] = readVaultKeys(machine.config.vaultKeyFile);
    rmSync(machine.config.vaultKeyFile);
    const text = [generateVaultKey(), present].map((key) => key.toString("hex")).join("\n");
    writeFileSync(machine.config.vaultKeyFile, text, { mode: 0o400 });
    await machine.stopAgent();
    await machine.startReady();
    expect(await cli(["rekey", ...keyFile()])).toEqual(said(0, "1 key in"));
    expect(await cli(["verify"])).toEqual(said(0, "audit chain is whole"));
  });

  test("refuses a key file that is not this vault's, or that others can read, and changes neither", async () => {
    const other = machine.at("other-key");
    writeFileSync(other, "a".repeat(64), { mode: 0o400 });
    expect(await cli(["rekey", "--key-file", other])).toEqual(said(1, "Is it the right file"));
    expect(readFileSync(other, "utf8")).toBe("a".repeat(64));
    const own = machine.config.vaultKeyFile;
    const before = readFileSync(own, "utf8");
    chmodSync(own, 0o444);
    expect(await cli(["rekey", ...keyFile()])).toEqual(said(1, `chmod 0400 ${own}`));
    chmodSync(own, 0o400);
    expect(await cli(["rekey", "--key-file", machine.at("nothing")])).toEqual(said(1, "cannot be read"));
    expect(readFileSync(own, "utf8")).toBe(before);
  });

  test("is taken back where the agent cannot do it, and the key file holds the old key only", async () => {
    const own = machine.config.vaultKeyFile;
    const [before = Buffer.alloc(0)] = readVaultKeys(own);
    // A folder in the copy's place is what no copy can replace.
    const obstacle = join(machine.config.stateDir, "ledger.db.next");
    mkdirSync(join(obstacle, "inside"), { recursive: true });
    expect((await cli(["rekey", ...keyFile()])).exitCode).toBe(1);
    rmSync(obstacle, { recursive: true });
    expect(readVaultKeys(own).map(fingerprintOf)).toEqual([fingerprintOf(before)]);
    expect(await cli(["verify"])).toEqual(said(0, "audit chain is whole"));
  });
});

describe("backups", () => {
  const file = () => machine.at("vault.age");
  let recoveryKey = "";

  test("need a recovery key, which is shown once, with what losing it means", async () => {
    expect(await cli(["backup", file()])).toEqual(said(1, "recovery-key new"));
    expect(await cli(["recovery-key", "show"])).toEqual(said(1, "recovery-key new"));
    const { text, exitCode } = await cli(["recovery-key", "new"]);
    expect(exitCode).toBe(0);
    expect(text).toContain("nobody can open the backups that were sealed for it, not even we");
    recoveryKey = /AGE-SECRET-KEY-1\w+/.exec(text)?.[0] ?? "";
    expect(recoveryKey).toHaveLength(74);
    expect(await cli(["recovery-key", "check"], `${recoveryKey}\n`)).toEqual(said(0, "this is the recovery key"));
    expect(await cli(["recovery-key", "show"])).toEqual(said(0, "age1"));
    expect(await cli(["recovery-key", "new"])).toEqual(said(1, "--replace"));
    expect(await cli(["recovery-key", "check"], "nonsense")).toEqual(said(64, "not a recovery key"));
    expect(await cli(["recovery-key"])).toEqual(said(64, "new, show or check"));
    const stored = readdirSync(machine.config.stateDir).map((name) =>
      readFileSync(join(machine.config.stateDir, name)),
    );
    expect(Buffer.concat(stored).includes(recoveryKey)).toBe(false);
    expect(machine.logLines.join("")).not.toContain(recoveryKey);
  });

  test("are written for their owner only, never over a file, and restored on another server", async () => {
    expect(await cli(["backup", file()])).toEqual(said(0, "sealed \\d+ secrets"));
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file()).includes(plantedValue)).toBe(false);
    expect(await cli(["backup", file()])).toEqual(said(1, "is there already"));
    expect(await cli(["backup", machine.at("no/such/folder")])).toEqual(said(1, "cannot be written"));
    expect(await cli(["restore", file()], recoveryKey)).toEqual(said(1, "not empty"));

    const there = on(fresh);
    expect(await there(["restore", machine.at("nothing")], recoveryKey)).toEqual(said(1, "cannot be read"));
    expect(await there(["restore", file()], recoveryKey.replace("KEY-1", "KEY-2"))).toEqual(
      said(64, "not a recovery key"),
    );
    expect(await there(["restore", file()], `${recoveryKey}\n`)).toEqual(said(0, "restored \\d+ secrets", "backup of"));
    expect((await there(["list"])).text).toContain("api_key  v1  customer");
    const { answer } = await fresh.ask("/v1/redact", { texts: [plantedValue] });
    expect(answer).toEqual({ texts: ["SECRET_REF(api_key)"] });
    // The chain is another one on purpose now.
    expect(await there(["verify"])).toEqual(said(0, "audit chain is whole"));
    expect(await there(["restore", file()], recoveryKey)).toEqual(said(1, "not empty"));
  });

  test("open no more for a key that was replaced, but those made before still open with it", async () => {
    const { text } = await cli(["recovery-key", "new", "--replace"]);
    const newer = /AGE-SECRET-KEY-1\w+/.exec(text)?.[0] ?? "";
    expect(await cli(["recovery-key", "check"], recoveryKey)).toEqual(said(1, "is not the recovery key"));
    expect(await cli(["recovery-key", "check"], newer)).toEqual(said(0, "this is the recovery key"));
    expect((await cli(["audit"])).text).toContain("in place of age1");
  });
});

describe("as a process of its own", () => {
  async function run(argv: string[], stdin = "", env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "vault-cli.ts"), ...argv], { env });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (output.stdout += chunk));
    child.stderr.on("data", (chunk) => (output.stderr += chunk));
    child.stdin.end(stdin);
    const [code] = await once(child, "close");
    return { ...output, code };
  }
  const socket = () => ["--socket", machine.config.sockets.admin];

  test("it takes the value from standard input, answers on standard output, and its refusals on standard error", async () => {
    expect(await run([...socket(), "set", "piped"], "piped-value-0815\n")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("stored piped, version 1"),
      stderr: "",
    });
    const refused = await run([...socket(), "set", "piped"], "shorty\n", { VALUE: "from-the-environment" });
    expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("shorter than 8") });
    expect(JSON.stringify(refused)).not.toContain("shorty");
    const { answer } = await machine.ask("/v1/redact", { texts: ["piped-value-0815"] });
    expect(answer).toEqual({ texts: ["SECRET_REF(piped)"] });
  });

  test("it ends with 64 when used wrongly and with 69 when the agent is away", async () => {
    expect(await run(["frobnicate"])).toMatchObject({ code: 64, stdout: "" });
    expect(await run(["--socket", machine.at("nobody.sock"), "list"])).toMatchObject({
      code: 69,
      stderr: expect.stringContaining("The agent does not answer. Is it running, and are you root?"),
    });
  });
});

describe("a value that is typed", () => {
  function terminal(keys: string[]) {
    const modes: boolean[] = [];
    const source: ValueSource = Object.assign(Readable.from(keys), {
      isTTY: true,
      setRawMode(mode: boolean) {
        modes.push(mode);
        return this as never;
      },
    });
    return { source, modes };
  }

  test.each([
    ["a line", ["hunter2-", "ok\r", "rest"], "hunter2-ok"],
    ["with a character taken back", ["hunter22\u007f-ok\n"], "hunter2-ok"],
    ["broken off", ["hunter2\u0003"], ""],
    ["ended by Ctrl-D", ["hunter2-ok\u0004"], "hunter2-ok"],
    ["by a terminal that goes away", ["hunter2-ok"], "hunter2-ok"],
  ])("%s is read without being shown", async (_how, keys, expected) => {
    const { source, modes } = terminal(keys);
    let shown = "";
    const value = await readValue(source, (text) => (shown += text), "Value");
    expect(value).toBe(expected);
    expect(shown).toBe("Value (it is not shown): \n");
    expect(modes).toEqual([true, false]);
  });

  test("piped in, it loses the newline at its end and no other", async () => {
    const read = (text: string) => readValue(Readable.from([Buffer.from(text)]), () => undefined, "");
    expect(await read("a\nb\n")).toBe("a\nb");
    expect(await read("a\r\n")).toBe("a");
    expect(await read("a\n\n")).toBe("a\n");
  });
});
