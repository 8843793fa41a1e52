import { afterAll, beforeAll, expect, test } from "vitest";
import { walk } from "./walk.ts";
import { startWalkStack, type WalkStack } from "./walk-stack.ts";

const lines: string[] = [];
const say = (line: string) => void lines.push(line);
let walkStack: WalkStack;
beforeAll(async () => {
  walkStack = await startWalkStack({ mode: "process", say });
}, 600_000);
afterAll(() => walkStack?.end());

test("the same way ends well in mode process, which says of itself that it has no isolation", async () => {
  const { stack, options } = walkStack;
  const { result, findings } = await walk({ stack, options, say });
  expect(findings).toEqual([]);
  expect(result).toMatchObject({ ok: true, mode: "process", secretsFoundOutside: 0, serversCreated: 1 });
  expect(result).toMatchObject({ approvalExecutions: 1, meterTokensDelta: 0 });
  expect(lines.some((line) => line.startsWith("the agent is woken and reports"))).toBe(true);
}, 420_000);
