import type { Hit } from "@berth/redaction";
import { describe, expect, test } from "vitest";
import type { Example } from "../../packages/redaction/corpus/read-examples.ts";
import { outcomeOf, recallOf, shareLeft, showingBare, showingsInContext } from "./recall.ts";

const example = (over: Partial<Example> = {}): Example => ({
  vendor: "Acme Pay",
  kind: "api key",
  value: "k-0123456789",
  source: "https://docs.example.com/",
  verified: "format",
  ...over,
});
const hit = (begin: number, end: number): Hit => ({ begin, end, kind: "pattern", name: "some-rule" });
const written = ({ before, value, after }: { before: string; value: string; after: string }) => before + value + after;

describe("the score of the pattern layer", () => {
  test("counts the characters of the value that no hit covers, overlaps once and what lies outside not at all", () => {
    const showing = { before: "key=", value: "0123456789", after: " rest" };
    expect(shareLeft(() => [], showing)).toBe(1);
    expect(shareLeft(() => [hit(0, 19)], showing)).toBe(0);
    expect(shareLeft(() => [hit(0, 4), hit(14, 19)], showing)).toBe(1);
    expect(shareLeft(() => [hit(2, 9), hit(6, 9)], showing)).toBe(0.5);
  });

  test("shows a value without surroundings as an assignment, in JSON and in a sentence", () => {
    expect(showingsInContext(example({ value: 'a"b' })).map(written)).toEqual([
      'ACME_PAY_API_KEY = "a"b"\n',
      '{"apiKey": "a\\"b"}',
      'here is my Acme Pay api key: a"b',
    ]);
  });

  test("prefers the page's surroundings, then what carries the value", () => {
    const carried = example({ carrier: "redis://:k-0123456789@cache" });
    expect(showingsInContext(carried).map(written)).toEqual(["redis://:k-0123456789@cache"]);
    const both = example({ carrier: "x k-0123456789", context: "URL=k-0123456789" });
    expect(showingsInContext(both).map(written)).toEqual(["URL=k-0123456789"]);
  });

  test("shows the bare value between words that do not name it", () => {
    expect(written(showingBare(example()))).toBe("we looked at k-0123456789 before lunch");
    expect(written(showingBare(example({ carrier: "?t=k-0123456789" })))).toBe(
      "we looked at ?t=k-0123456789 before lunch",
    );
  });

  test("weighs every example alike, and every character in the figures over all characters", () => {
    const caught = example({ value: "a".repeat(90), context: `caught ${"a".repeat(90)}` });
    const missed = example({ value: "b".repeat(10) });
    const find = (text: string): Hit[] => (text.startsWith("caught") ? [hit(0, text.length)] : []);
    expect(recallOf([outcomeOf(find, caught), outcomeOf(find, missed)])).toEqual({
      examples: 2,
      inContext: 0.5,
      bare: 0,
      inContextOfAllCharacters: expect.closeTo(0.9),
      bareOfAllCharacters: 0,
    });
  });
});
