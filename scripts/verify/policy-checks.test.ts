import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findBreaches, policyChecks, secretsOpenIn } from "./policy-checks.ts";

/** One file a rule that breaks it, and one near it that does not. */
const samples: Record<string, { bad: { path: string; text: string }; good: { path: string; text: string } }> = {
  "retired-parts-stay-away": {
    bad: { path: "infra/stacks/flow.yaml", text: "image: n8n/latest" },
    good: { path: "infra/stacks/flow.yaml", text: "image: gitea" },
  },
  "environment-is-read-at-the-door": {
    bad: { path: "packages/core/src/a.ts", text: "const url = process.env.DATABASE_URL;" },
    good: { path: "services/worker/src/main.ts", text: "parseEnv(schema, process.env)" },
  },
  "secrets-open-in-few-places": {
    bad: { path: "services/tenant-agent/src/heartbeat.ts", text: "log.info(reveal(secret))" },
    good: { path: "services/tenant-agent/src/executor/create-executor.ts", text: "reveal(secret)" },
  },
  "files-stay-short": {
    bad: { path: "packages/core/src/a.ts", text: "x\n".repeat(401) },
    good: { path: "packages/core/src/a.ts", text: "x\n".repeat(400) },
  },
  "file-names-are-kebab-case": {
    bad: { path: "packages/core/src/createOrder.ts", text: "" },
    good: { path: "packages/core/src/create-order.integration.test.ts", text: "" },
  },
  "no-drawer-for-everything": {
    bad: { path: "packages/core/src/utils.ts", text: "" },
    good: { path: "packages/core/src/order/retry-order.ts", text: "" },
  },
  "tests-do-not-sleep": {
    bad: { path: "packages/core/src/a.test.ts", text: "await new Promise((r) => setTimeout(r, 500));" },
    good: { path: "packages/core/src/a.test.ts", text: "await untilTrue(() => done);" },
  },
  "no-test-is-left-out": {
    bad: { path: "packages/core/src/a.test.ts", text: 'test.only("x", () => {});' },
    good: { path: "packages/core/src/a.test.ts", text: 'test.skipIf(!found)("x", () => {});' },
  },
  "no-passwords-for-root": {
    bad: { path: "infra/host/user-data.yaml", text: "chpasswd: { list: x }" },
    good: { path: "infra/host/user-data.yaml", text: "ssh_pwauth: false" },
  },
  "project-stands-alone": {
    bad: { path: "docs/adr/1.md", text: "see ../shared/design" },
    good: { path: "packages/emulators/src/stripe/objects.contract.test.ts", text: "../shared/specs" },
  },
};

describe("policy checks", () => {
  test("have a sample each", () => {
    expect(Object.keys(samples).sort()).toEqual(policyChecks.map((check) => check.name).sort());
  });

  test.each(policyChecks)("$name fails on a breach and only there", (check) => {
    const sample = samples[check.name];
    expect(findBreaches(sample ? [sample.bad] : [], [check])).toHaveLength(1);
    expect(findBreaches(sample ? [sample.good] : [], [check])).toEqual([]);
  });
});

describe("reveal()", () => {
  const breaches = (path: string, text: string) => findBreaches([{ path, text }]);
  const near = "services/tenant-agent/src/executor/run-job.ts";

  test.each([
    ["called", "const text = reveal(secret);"],
    ["called over a line break", "reveal\n(secret)"],
    ["called by a namespace", "platform.reveal(secret)"],
    ["imported under another name", 'import { fail, reveal as open } from "@berth/platform";'],
    ["imported among others", 'import { fail, reveal, seal } from "@berth/platform";'],
    ["imported over several lines", 'import {\n  fail,\n  reveal,\n} from "@berth/platform";'],
    ["passed on", 'export { reveal } from "@berth/platform";'],
  ])("is found %s, also next door to a file that may", (_how, text) => {
    expect(breaches(near, text)).toHaveLength(1);
  });

  test("is not found where only the word stands", () => {
    expect(breaches(near, '// Every reveal is noted.\nappend({ action: "reveal", name });')).toEqual([]);
    expect(breaches(near, 'import { revealSecret } from "./reveal-secret.ts";')).toEqual([]);
  });

  test("may be called in no file that has no need of it", () => {
    const root = path.resolve(import.meta.dirname, "../..");
    const idle = Object.keys(secretsOpenIn).filter(
      (file) => !readFileSync(path.join(root, file), "utf8").includes("reveal("),
    );
    expect(idle).toEqual([]);
  });
});
