import { expect, test } from "vitest";
import { callInWords } from "./call-in-words.ts";

test("a command is shown word for word", () => {
  const call = callInWords("run_command", { command: "rm -r 'a b' && echo done", cwd: "invoices" });
  expect(call.exact).toBe("rm -r 'a b' && echo done");
  expect(call.details).toContainEqual(["In folder", "invoices"]);
});

test("a request shows method, address, headers and body", () => {
  const call = callInWords("http_request", {
    method: "POST",
    url: "https://api.example.com/pay",
    headers: { authorization: "Bearer SECRET_REF(shop_key)" },
    body: '{"amount":5}',
  });
  expect(call.exact).toBe(
    'POST https://api.example.com/pay\nauthorization: Bearer SECRET_REF(shop_key)\n\n{"amount":5}',
  );
  expect(call.details).toEqual([["To", "api.example.com"]]);
});

test("nothing is left out: arguments that do not fit the tool, and unknown tools, are shown as they are", () => {
  expect(callInWords("run_command", { command: "ls", sudo: true }).exact).toContain('"sudo": true');
  expect(callInWords("shop.refund", { order: 7 }).exact).toContain('"order": 7');
});
