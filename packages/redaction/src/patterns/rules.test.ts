import { describe, expect, it } from "vitest";
import { findPatterns, type PatternRule, patternRules } from "./index.ts";

interface Marked {
  text: string;
  begin: number;
  end: number;
}

/** Takes the marks out of an example and says where they stood. */
function unmark(example: string): Marked {
  const plain = example.replaceAll("¦", "");
  const begin = plain.indexOf("«");
  const end = plain.indexOf("»") - 1;
  return { text: plain.replace(/[«»]/g, ""), begin, end };
}

const rows = patternRules.map((rule): [string, PatternRule] => [rule.id, rule]);

describe("the table of rules", () => {
  it("names each rule once, in a way that can stand in a replacement", () => {
    const ids = patternRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  it.each(rows)("%s hits its examples whole, and says so", (id, { examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const { text, begin, end } = unmark(example);
      expect(findPatterns(text), text).toEqual([{ begin, end, rule: id }]);
    }
  });

  it.each(rows)("%s leaves its counter-examples alone", (_, { counterExamples }) => {
    expect(counterExamples.length).toBeGreaterThan(0);
    for (const text of counterExamples) expect(findPatterns(text), text).toEqual([]);
  });

  it("says each rule again in what stands for a hit: nothing is found in that", () => {
    for (const { id } of patternRules) {
      for (const text of [`[REDACTED:${id}]`, `password=[REDACTED:${id}]`, `Authorization: Bearer [REDACTED:${id}]`]) {
        expect(findPatterns(text), text).toEqual([]);
      }
    }
  });
});
