import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cruise, type IConfiguration } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import configuration from "../../.dependency-cruiser.mjs";

const workspaces = [
  ...["contracts", "platform", "policy", "redaction", "vault", "db", "queue", "core", "ui"].map((n) => `packages/${n}`),
  ...["worker", "tenant-agent", "realtime"].map((n) => `services/${n}`),
  ...["hub", "website"].map((n) => `apps/${n}`),
];

/** For each rule one file that breaks it, and with it the proof that the rule can fail. */
const breaches: Record<string, { file: string; imports: string }> = {
  "contracts-import-zod-only": { file: "packages/contracts/src/bad.ts", imports: "@berth/platform" },
  "policy-imports-contracts-and-platform-only": { file: "packages/policy/src/bad.ts", imports: "@berth/vault" },
  "redaction-imports-contracts-and-platform-only": { file: "packages/redaction/src/bad.ts", imports: "@berth/policy" },
  "vault-imports-contracts-and-platform-only": { file: "packages/vault/src/bad.ts", imports: "@berth/redaction" },
  "pure-packages-do-no-network-io": { file: "packages/redaction/src/bad.ts", imports: "node:https" },
  "vault-is-for-the-agent": { file: "services/realtime/src/bad.test.ts", imports: "@berth/vault" },
  "db-is-for-core-seed-scripts-and-testkit": { file: "services/worker/src/bad.ts", imports: "@berth/db" },
  "queue-is-for-core-and-worker": { file: "services/realtime/src/bad.ts", imports: "@berth/queue" },
  "prisma-is-for-db": { file: "packages/core/src/bad.ts", imports: "@prisma/client" },
  "apps-other-than-hub-know-only-the-public-api": { file: "apps/website/src/bad.ts", imports: "@berth/core" },
  "tenant-services-ship-without-the-hub": { file: "services/tenant-agent/src/bad.ts", imports: "@berth/core" },
  "nothing-imports-apps-or-services": {
    file: "packages/core/src/bad.ts",
    imports: "../../../services/worker/src/index.ts",
  },
  "apps-and-services-do-not-import-one-another": {
    file: "services/realtime/src/bad.ts",
    imports: "../../worker/src/index.ts",
  },
  "no-deep-imports": { file: "packages/core/src/bad.ts", imports: "../../platform/src/index.ts" },
  "no-cycles": { file: "packages/core/src/bad.ts", imports: "./index.ts" },
  "no-unresolvable-imports": { file: "packages/core/src/bad.ts", imports: "@berth/platform/src/inner.ts" },
};

let root = "";

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "berth-rules-"));
  mkdirSync(path.join(root, "node_modules/@berth"), { recursive: true });
  const installed = path.resolve(import.meta.dirname, "../../node_modules");
  for (const name of ["zod", "@prisma"]) symlinkSync(path.join(installed, name), path.join(root, "node_modules", name));
  for (const folder of workspaces) {
    const name = `@berth/${path.basename(folder)}`;
    mkdirSync(path.join(root, folder, "src"), { recursive: true });
    writeFileSync(
      path.join(root, folder, "package.json"),
      JSON.stringify({ name, exports: { ".": "./src/index.ts" } }),
    );
    writeFileSync(path.join(root, folder, "src/index.ts"), "export const here = 1;\n");
    symlinkSync(path.join(root, folder), path.join(root, "node_modules", name));
  }
  writeFileSync(path.join(root, "packages/platform/src/inner.ts"), "export const inner = 1;\n");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function brokenRules(breach?: { file: string; imports: string }): Promise<string[]> {
  const file = breach && path.join(root, breach.file);
  const index = path.join(root, "packages/core/src/index.ts");
  if (file) writeFileSync(file, `import * as other from "${breach.imports}";\nexport const bad = other;\n`);
  if (breach?.imports === "./index.ts")
    writeFileSync(index, 'import { bad } from "./bad.ts";\nexport const here = bad;\n');
  const { options, ...rules }: IConfiguration = configuration;
  const report = await cruise(["packages", "services", "apps"], {
    ...options,
    ruleSet: rules,
    validate: true,
    baseDir: root,
  });
  if (file) rmSync(file);
  writeFileSync(index, "export const here = 1;\n");
  if (typeof report.output === "string") throw new TypeError("expected the report as an object");
  return report.output.summary.violations.map((violation) => violation.rule.name);
}

describe("dependency rules", () => {
  test("pass on a tree that keeps them", async () => {
    expect(await brokenRules()).toEqual([]);
  });

  test("have a breach each, so that no rule is without a test", () => {
    const names = configuration.forbidden?.map((rule) => rule.name);
    expect(Object.keys(breaches).sort()).toEqual(names?.sort());
  });

  test.each(Object.entries(breaches))("%s fails when broken", async (name, breach) => {
    expect(await brokenRules(breach)).toContain(name);
  });
});
