import { spawnSync } from "node:child_process";
import { format, inspect } from "node:util";
import { deserialize, serialize } from "node:v8";
import { expect, test } from "vitest";
import { AppError, createLogger, reveal, Secret, secretOf } from "./index.ts";

const value = "s3cr3t-value-4711";
const secret = secretOf(value);

const prints: [string, () => string][] = [
  ["String()", () => String(secret)],
  ["a template", () => `${secret}`],
  ["concatenation", () => ["", secret].join("-")],
  ["toLocaleString", () => secret.toLocaleString()],
  ["JSON", () => JSON.stringify({ secret })],
  ["JSON of a list", () => JSON.stringify([secret], null, 2)],
  ["util.inspect", () => inspect(secret)],
  ["util.inspect, nested", () => inspect({ a: { b: { c: { secret } } } }, { depth: 9 })],
  [
    "util.inspect of everything there is",
    () => inspect(secret, { showHidden: true, customInspect: false, getters: true }),
  ],
  ["util.format %s %j %o %O", () => format("%s %j %o %O", secret, secret, secret, secret)],
  ["an error's message", () => new Error(`failed with ${secret}`).message],
  ["an error's stack", () => String(new AppError("internal", "failed", { internal: String(secret) }).stack)],
  ["an error's cause", () => inspect(new Error("failed", { cause: secret }))],
  ["structuredClone", () => inspect(structuredClone({ secret }))],
  ["structuredClone, then JSON", () => JSON.stringify(structuredClone({ secret }))],
  ["v8.serialize", () => inspect(deserialize(serialize({ secret })))],
  ["v8.serialize, as bytes", () => serialize({ secret }).toString("latin1")],
  ["a spread", () => inspect({ ...secret })],
  ["entries", () => String(Object.entries(secret))],
  ["a URL", () => decodeURIComponent(new URL(`https://a.example/?k=${secret}`).href)],
];

test.each(prints)("a secret prints as [secret] in %s", (_where, print) => {
  expect(print()).toContain("[secret]");
  expect(print()).not.toContain(value);
});

test("a secret prints as [secret] in the log, as a field, in a field, in an error and in the message", () => {
  const lines: string[] = [];
  const log = createLogger({ service: "test", destination: { write: (line) => void lines.push(line) } });
  log.info({ credential: secret, nested: { list: [secret] } }, `used ${secret}`);
  log.error({ err: new Error("failed", { cause: secret }) }, "%s", secret);
  expect(lines.join().match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(4);
  expect(lines.join()).not.toContain(value);
});

test("a secret prints as [secret] on the console of a real process, and in its crash", () => {
  const module = JSON.stringify(new URL("./secret.ts", import.meta.url).href);
  const script = `import { secretOf } from ${module};
    const secret = secretOf(["s3cr3t", "value", "4711"].join("-"));
    console.log(secret, { secret }, \`\${secret}\`);
    console.table([{ secret }]);
    throw secret;`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
    encoding: "utf8",
  });
  expect(stdout.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(4);
  expect(stderr).toContain("[secret]");
  expect(stdout + stderr).not.toContain(value);
});

test("a secret opens through reveal() only, and what merely looks like one does not", () => {
  expect(reveal(secret)).toBe(value);
  for (const copy of [new Secret(), structuredClone(secret), Object.create(secret)])
    expect(() => reveal(copy as Secret)).toThrow("not a secret");
});
