import { describe, expect, test } from "vitest";
import { safeNextUrl } from "./next-url.ts";

const hub = "https://hub.example.com";
const website = "https://www.example.com";
const next = (asked: string | undefined): string => safeNextUrl(asked, [hub, website], "/");

describe("after signing in a person goes", () => {
  test.each([
    ["/agents/tnt_1?x=1#y", `${hub}/agents/tnt_1?x=1#y`],
    [`${hub}/agents`, `${hub}/agents`],
    [`${website}/checkout?plan=team`, `${website}/checkout?plan=team`],
  ])("to our own page %s", (asked, expected) => {
    expect(next(asked)).toBe(expected);
  });

  test.each([
    undefined,
    "",
    "https://evil.example",
    "//evil.example/agents",
    "/\\evil.example",
    "\\\\evil.example",
    "https://hub.example.com@evil.example/",
    "https://hub.example.com.evil.example/",
    "http://hub.example.com/agents",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://[",
    "/sign-in?next=/sign-in",
  ])("home and not to %s", (asked) => {
    expect(next(asked)).toBe("/");
  });
});
