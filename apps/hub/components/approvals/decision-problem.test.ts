import { HubProblem } from "@berth/api-client";
import { expect, test } from "vitest";
import { decisionProblem } from "./decision-problem.ts";

test("a second decision hears who was first, and that its own changed nothing", () => {
  const late = new HubProblem(409, "conflict", "Already denied by owner@example.com at 2026-01-01T10:00:00.000Z.");
  const { text, final } = decisionProblem(late);
  expect(final).toBe(true);
  expect(text).toContain("Already denied by owner@example.com");
  expect(text).toContain("Yours changed nothing");
  expect(text).not.toContain("T10:00:00");
});

test("a decision that never reached the Hub can be made again", () => {
  const offline = new HubProblem(0, "offline", "Berth cannot be reached.");
  expect(decisionProblem(offline)).toMatchObject({ final: false, text: expect.stringContaining("press again") });
});
