import { describe, expect, it } from "vitest";
import { patternRules } from "./index.ts";
import { scanText } from "./scan-text.ts";

/** Text that makes a careless matcher look at the same units again and again. */
const hostile = [
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN ",
  "password=",
  'password="',
  "password='x ",
  "password: ",
  "token=a&",
  "Authorization: ",
  "Authorization: Digest a ",
  "Cookie: a=",
  "://a:",
  "http://a:b",
  "a@b:",
  "--password ",
  "-u a:",
  "4242 ",
  "DE89 ",
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
  "A1b2C3d4E5f6G7h8.",
  "q8Zt3LmX0pWv7RyK2sBd1aZ ",
  "/aB1cD2eF3gH4iJ5",
  "abandon ability able about above absent absorb abstract ",
  "sk_live_",
  "<password>",
  "Private-Lines: 3\n",
  "https://hooks.slack.com/services/",
];

const stepsOf = (piece: string, length: number): number =>
  scanText(piece.repeat(Math.ceil(length / piece.length)).slice(0, length)).steps;

/** `*`, `+` or `{n,}` outside of a class. */
const unbounded = /[*+]|\{\d+,\}/;

describe("the pattern layer's time", () => {
  it.each(hostile)("grows with the length of the text and no faster: %j", (piece) => {
    const small = stepsOf(piece, 8_192);
    const large = stepsOf(piece, 65_536);
    expect(large / small).toBeLessThan(8.8);
    expect(large / 65_536).toBeLessThan(40);
  });

  it("has no unbounded repetition in a form", () => {
    for (const rule of patternRules) {
      if (rule.kind === "structure") continue;
      const withoutClasses = rule.form.source.replace(/\\./g, "_").replace(/\[[^\]]*\]/g, "_");
      expect(withoutClasses, rule.id).not.toMatch(unbounded);
      expect(rule.lead?.source.endsWith("$") ?? true, rule.id).toBe(true);
    }
  });
});
