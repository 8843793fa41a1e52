import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Example, readExamples } from "./read-examples.ts";

const visible = readExamples("visible");
const heldOut = readExamples("heldOut");
const all = [...visible, ...heldOut];

/** What a failure shows of an example: never its value. */
const namesOf = (examples: Example[]): string[] => examples.map(({ vendor, kind }) => `${vendor}: ${kind}`);

const isSetAside = (value: string): boolean => (createHash("sha256").update(value).digest()[0] ?? 0) % 3 === 0;

describe("the examples of credentials", () => {
  test("are split by the hash of the value alone, so that nobody chose what is set aside", () => {
    expect(namesOf(visible.filter(({ value }) => isSetAside(value)))).toEqual([]);
    expect(namesOf(heldOut.filter(({ value }) => !isSetAside(value)))).toEqual([]);
    expect(heldOut.length / all.length).toBeGreaterThan(0.28);
  });

  test("come from at least 220 vendors and are at least 500", () => {
    expect(new Set(all.map(({ vendor }) => vendor)).size).toBeGreaterThanOrEqual(220);
    expect(all.length).toBeGreaterThanOrEqual(500);
  });

  test("occur once each", () => {
    expect(new Set(all.map(({ value }) => value)).size).toBe(all.length);
  });

  test("stand in the text that is given as their surroundings", () => {
    const lost = all.filter(({ value, context, carrier }) =>
      [context, carrier].some((text) => text !== undefined && !text.includes(value)),
    );
    expect(namesOf(lost)).toEqual([]);
  });
});
