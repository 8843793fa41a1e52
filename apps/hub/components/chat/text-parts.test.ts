import { expect, test } from "vitest";
import { textParts } from "./text-parts.ts";

test("prose, code and fenced blocks are told apart", () => {
  expect(textParts("Run `ls`:\n```sh\nls -l\n```\nThat is all.")).toEqual([
    { kind: "text", text: "Run " },
    { kind: "code", text: "ls" },
    { kind: "text", text: ":" },
    { kind: "block", text: "ls -l" },
    { kind: "text", text: "That is all." },
  ]);
});

test("a fence that is still open shows what is there", () => {
  expect(textParts("See\n```\nhalf")).toEqual([
    { kind: "text", text: "See" },
    { kind: "block", text: "half" },
  ]);
});

test("a lone backtick is text", () => {
  expect(textParts("it`s")).toEqual([{ kind: "text", text: "it`s" }]);
});

test("strong words are told apart, lone stars are text", () => {
  expect(textParts("**Two** of 2 ** 3")).toEqual([
    { kind: "strong", text: "Two" },
    { kind: "text", text: " of 2 ** 3" },
  ]);
});
