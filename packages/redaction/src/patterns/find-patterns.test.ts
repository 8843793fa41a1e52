import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPatternTracker, findPatterns, openPatternFrom, type PatternSpan } from "./index.ts";

/** The text with each secret between « and », after the rule's name. */
const marked = (text: string): string => {
  let out = "";
  let at = 0;
  for (const { begin, end } of findPatterns(text)) {
    out += `${text.slice(at, begin)}«${text.slice(begin, end)}»`;
    at = end;
  }
  return out + text.slice(at);
};

const secrets = [
  'DB_PASSWORD="«Rta1vTV0K5lia9uQ»"',
  '{"password": "«E4b5NsEPenubZNpXWk»"}',
  "postgres://shop:«b12Vtr%40x»@db.internal/shop",
  "Authorization: Bearer «mF_9.B5f-4.1JqM»",
  "pay with «4242 4242 4242 4242» 12/30",
  "to «DE89 3704 0044 0532 0130 00», thanks",
  "my words: «legal winner thank year wave sausage worth useful legal winner thank yellow»",
  "curl -u bob:«xiCEdoPMHaRovoFd» https://files.example.com",
  "<password>«Rta1vTV0K5lia9uQ»</password>",
  "Cookie: theme=dark; PHPSESSID=«4y2ijk3231u8kcmhzkyi86jmg5»; lang=en",
  "machine api.example.com login deploy password «36kVYUBi3UYq0IpfVr»",
  "define( 'DB_PASSWORD', '«xcZm9kJv0b9y5KfJ!zgK»' );",
  '<add key="Password" value="«DxkX2etOHdcpKd»"/>',
  "it is «q8Zt3LmX0pWv7RyK2sBd1aZ9cQhN4» now",
];
const unmark = (text: string): string => text.replace(/[«»]/g, "");

describe("the pattern layer", () => {
  it.each(secrets)("covers the secret and nothing else: %s", (text) => {
    expect(marked(unmark(text))).toBe(text);
  });

  const anyText = fc.array(
    fc.oneof(
      fc.constantFrom(...secrets.map(unmark)),
      fc.string({ unit: "binary" }),
      fc.constantFrom("\n", " ", '"', "="),
    ),
  );

  it("reports spans that are in range, sorted and apart", () => {
    fc.assert(
      fc.property(anyText, (pieces) => {
        const text = pieces.join("");
        let at = 0;
        for (const { begin, end } of findPatterns(text)) {
          expect(begin).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(begin);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
        expect(openPatternFrom(text)).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it("finds in pieces what it finds in the whole", () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(60), { maxLength: 60 }), (pieces, cuts) => {
        const text = pieces.join("");
        const tracker = createPatternTracker();
        let at = 0;
        const spans: PatternSpan[] = [];
        for (const length of cuts) {
          spans.push(...tracker.push(text.slice(at, at + length)));
          at += length;
        }
        spans.push(...tracker.push(text.slice(at)), ...tracker.end());
        expect(spans).toEqual(findPatterns(text));
      }),
    );
  });
});
