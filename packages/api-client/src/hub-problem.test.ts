import { expect, test } from "vitest";
import { z } from "zod";
import { answerOf, HubProblem, problemFrom } from "./hub-problem.ts";

const problem = {
  type: "about:blank",
  title: "Conflict",
  status: 409,
  detail: "Already approved by a@example.com.",
  code: "conflict",
  requestId: "req_1",
};
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => null).catch((error: unknown) => error);

test("a problem of the Hub is shown in the Hub's own words", async () => {
  const response = new Response(null, { status: 409 });
  const error = await caught(answerOf(z.object({}), Promise.resolve({ error: problem, response })));
  expect(error).toMatchObject({ status: 409, code: "conflict", message: "Already approved by a@example.com." });
});

test("an answer that breaks the contract is a problem and never data", async () => {
  const response = new Response(null, { status: 200 });
  const error = await caught(answerOf(z.object({ id: z.string() }), Promise.resolve({ data: { id: 1 }, response })));
  expect(error).toBeInstanceOf(HubProblem);
});

test("without an answer the code is offline and the status 0", async () => {
  const error = await caught(answerOf(z.unknown(), Promise.reject(new TypeError("fetch failed"))));
  expect(error).toMatchObject({ status: 0, code: "offline" });
});

test("sign-in errors keep their code, and a page of a broken proxy is not shown", () => {
  const refused = problemFrom(401, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" });
  expect(refused.code).toBe("INVALID_EMAIL_OR_PASSWORD");
  expect(problemFrom(502, "<html>Bad gateway</html>").message).toContain("Try again");
});
