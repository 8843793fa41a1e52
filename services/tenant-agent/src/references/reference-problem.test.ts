import type { BerthTool, ToolArguments } from "@berth/contracts";
import { expect, test } from "vitest";
import { knownNames } from "./known-names.ts";
import { referenceProblem } from "./reference-problem.ts";

const names = ["api_key", "crm_token", "db-pass"];
const secrets = { find: (name: string) => (names.includes(name) ? {} : null), names: () => names };
const problem = (tool: BerthTool, args: ToolArguments) => referenceProblem(tool, args, secrets);

test.each([
  ["SECRET_REF{API_KEY}", '"SECRET_REF{API_KEY}" is not a secret reference'],
  ["secret_ref(api_key)", '"secret_ref(api_key)" is not a secret reference'],
  ["SECRET_REF( api_key )", '"SECRET_REF( api_key )" is not a secret reference'],
  ["SECRET_REF(nothing)", "There is no secret for SECRET_REF(nothing)."],
])("%s is answered with the reference and the known names, the likely one first", (text, said) => {
  for (const args of [
    { op: "write", path: "a", content: text },
    { op: "write", path: `x${text}`, content: "" },
  ]) {
    expect(problem("file", args)).toContain(said);
    expect(problem("file", args)).toMatch(/Known names: api_key, crm_token, db-pass\.$/);
  }
});

test("of thousands of names twenty are shown, those first that look alike", () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `key-${at}`);
  const text = knownNames([...many, "Shop_Api-Key".toLowerCase()], "SECRET_REF[SHOP API KEY]");
  expect(text).toMatch(/^Known names: shop_api-key, key-0, /);
  expect(text).toMatch(/ and 9981 more\.$/);
});

test.each<[string, BerthTool, ToolArguments]>([
  ["an argument of a program", "run_command", { command: "curl -H 'x: SECRET_REF(api_key)' https://a.example" }],
  ["a folder", "run_command", { command: "ls", cwd: "SECRET_REF(api_key)" }],
  ["a file's name", "file", { op: "write", path: "SECRET_REF(api_key)", content: "x" }],
  ["a file's new name", "file", { op: "move", path: "a", to: "SECRET_REF(api_key)" }],
  ["a message", "send_message", { channel: "telegram", to: "4242", text: "it is SECRET_REF(api_key)" }],
  ["a receiver", "send_message", { channel: "telegram", to: "SECRET_REF(api_key)", text: "hello" }],
  ["a host's name", "http_request", { method: "GET", url: "https://SECRET_REF(api_key).example.com/" }],
])("a reference in %s is refused at the gate, before anybody is asked", (_where, tool, args) => {
  expect(problem(tool, args)).toContain("SECRET_REF(api_key)");
});

test.each<[BerthTool, ToolArguments]>([
  ["run_command", { command: "printf %s SECRET_REF(api_key) | sha256sum" }],
  ["file", { op: "write", path: "a", content: "KEY=SECRET_REF(api_key)" }],
  [
    "http_request",
    { method: "GET", url: "https://a.example/SECRET_REF(api_key)", headers: { b: "SECRET_REF(db-pass)" } },
  ],
  ["schedule", { op: "add", name: "a", cron: "0 8 * * *", task: "use SECRET_REF(api_key)" }],
  ["delegate", { task: "use SECRET_REF(api_key)" }],
  ["run_command", { command: "grep -rn SECRET_REF ." }],
])("a reference in its place is no problem: %s", (tool, args) => {
  expect(problem(tool, args)).toBeNull();
});
