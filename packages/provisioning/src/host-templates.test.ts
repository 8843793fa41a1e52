import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machinePorts } from "./host-layout.ts";
import { defaultUnitInputs, firewallRules, systemdUnits, sysusersConfig, tmpfilesConfig } from "./host-templates.ts";

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const canNft = process.getuid?.() === 0 && has("nft", "--version") && has("unshare", "--net", "true");
const canVerify = has("systemd-analyze", "--version");

const rules = (sshOpen: boolean, ports = machinePorts) =>
  firewallRules({ users: { openclaw: "61001", agent: "61002", egress: "61003" }, ports, sshOpen });

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "berth-templates-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("firewall rules", () => {
  const check = (text: string, ...flags: string[]) => {
    const file = path.join(dir, "rules.nft");
    writeFileSync(file, text);
    return spawnSync("unshare", ["--net", "nft", ...flags, "-f", file], { encoding: "utf8" });
  };

  test.skipIf(!canNft)("are what nft understands, with ssh open and shut, and can be loaded twice", () => {
    for (const open of [true, false]) expect(check(rules(open), "-c")).toMatchObject({ status: 0, stderr: "" });
    expect(check(`${rules(true)}\n${rules(false)}`)).toMatchObject({ status: 0, stderr: "" });
    expect(check(rules(true).replace("policy drop", "policy dorp"), "-c").status).not.toBe(0);
  });

  test("name port 22 only while ssh is open", () => {
    expect(rules(true)).toMatch(/tcp dport 22 accept/);
    expect(rules(false)).not.toMatch(/\b22\b/);
  });

  test("replace one table and never flush what others made", () => {
    expect(rules(true)).toContain("table inet berth\ndelete table inet berth\ntable inet berth {");
    expect(rules(true)).not.toContain("flush");
  });

  test("drop by default in every direction and let nobody leave without a user's own rule", () => {
    expect(rules(true).match(/policy drop;/g)).toHaveLength(3);
    expect(rules(true)).not.toContain("policy accept");
  });

  test("let the gateway's user open no port but its own two of the proxy", () => {
    const chain = /chain openclaw \{\n([\s\S]*?)\n {2}\}/.exec(rules(true))?.[1] ?? "";
    expect(chain.match(/dport .+(?= accept)/g)).toEqual(["dport { 18790, 18792 }"]);
    expect(chain.trim().split("\n").at(-1)?.trim()).toMatch(/^counter name refused_openclaw reject/);
  });

  test("count every refusal", () => {
    const silent = rules(true)
      .split("\n")
      .filter(
        (line) => /\b(?:reject|drop)\b/.test(line) && !/policy drop|^\s*#/.test(line) && !/counter name/.test(line),
      );
    expect(silent).toEqual([]);
  });
});

describe("systemd units", () => {
  const units = systemdUnits(defaultUnitInputs);

  test.skipIf(!canVerify)("are what systemd understands", () => {
    const root = path.join(dir, "units");
    mkdirSync(root, { recursive: true });
    // The programs of the base image are not on this machine: the verifier wants to see something that can be run.
    const program = path.join(dir, "program");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o755);
    for (const [name, text] of Object.entries(units)) {
      const runnable = text.replaceAll(/\/opt\/node24\/bin\/node|\/usr\/sbin\/nft/g, program);
      writeFileSync(path.join(root, name), runnable);
    }
    const files = Object.keys(units).map((name) => path.join(root, name));
    const verified = spawnSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" });
    const about = verified.stderr.split("\n").filter((line) => line.includes(root) || /^(?:berth|openclaw)/.test(line));
    expect(about).toEqual([]);
    writeFileSync(
      path.join(root, "berth-agent.service"),
      units["berth-agent.service"]!.replace("MemoryMax", "MemoryMost"),
    );
    const wrong = spawnSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" });
    expect(wrong.stderr).toContain("MemoryMost");
  });

  const processes = ["openclaw.service", "berth-agent.service", "berth-egress.service", "berth-command@.service"];
  test.each(processes)("%s runs as its own user without any privilege, and with limits", (name) => {
    const lines = units[name]!.split("\n");
    for (const line of [
      `User=${name.replace(/@?\.service/, "")}`,
      "NoNewPrivileges=yes",
      "CapabilityBoundingSet=",
      "ProtectSystem=strict",
      "PrivateTmp=yes",
      "SystemCallFilter=@system-service @pkey",
    ]) {
      expect(lines).toContain(line);
    }
    expect(units[name]).toMatch(/^MemoryMax=\d+M$/m);
    expect(units[name]).toMatch(/^TasksMax=\d+$/m);
    expect(units[name]).not.toMatch(/<%|%>|undefined|\[object/);
  });

  test("long-running services start again whatever happens, and never without the firewall", () => {
    for (const name of processes.slice(0, 3)) {
      expect(units[name]).toMatch(/^Restart=always$/m);
      expect(units[name]).toMatch(/^Requires=berth-firewall\.service$/m);
    }
    expect(units["berth-firewall.service"]).not.toMatch(/^ExecStop/m);
  });

  test("the gateway's environment holds switches and paths and nothing secret", () => {
    const environment = units["openclaw.service"]!.match(/^Environment=.*$/gm) ?? [];
    expect(environment).toContain("Environment=OPENCLAW_CONFIG_READONLY=1");
    expect(environment.join("\n")).not.toMatch(/token|key|secret|password/i);
  });
});

describe("users and directories", () => {
  test("every owner of a directory is a user or group that is made", () => {
    const made = new Set(["root", ...[...sysusersConfig().matchAll(/^[ug] (\S+)/gm)].map(([, name]) => name)]);
    const lines = tmpfilesConfig()
      .split("\n")
      .filter((line) => line.startsWith("d "));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const [, , mode, user, group] = line.split(/\s+/);
      expect(made).toContain(user);
      expect(made).toContain(group);
      expect(Number.parseInt(mode ?? "777", 8) & 0o002, line).toBe(0);
    }
  });

  test.skipIf(!has("systemd-tmpfiles", "--version"))("are what systemd-tmpfiles understands", () => {
    const file = path.join(dir, "tmpfiles.conf");
    const uid = execFileSync("id", ["-un"], { encoding: "utf8" }).trim();
    writeFileSync(file, tmpfilesConfig().replaceAll(/\b(?:berth-\w+|openclaw)(?=\s)/g, uid));
    const made = spawnSync("systemd-tmpfiles", [`--root=${dir}`, "--create", file], { encoding: "utf8" });
    expect(made.stderr).not.toMatch(/Unknown|Invalid|ignoring/);
  });
});
