import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, type NamedSecret, referenceTo } from "./index.ts";
import { formsOf } from "./secret-forms.ts";

/** The same rules, naively: every occurrence of every form, minus what is inside a reference, united. */
function expected(secrets: NamedSecret[], text: string): string {
  const sorted = [...secrets].sort((a, b) => (a.name < b.name ? -1 : 1));
  const occurrences = (needle: string) => {
    const found: [number, number][] = [];
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
      found.push([at, at + needle.length]);
    return found;
  };
  const references = sorted.flatMap(({ name }) => occurrences(referenceTo(name)));
  const spans = sorted
    .flatMap(({ name, value }) => formsOf(value).flatMap((form) => occurrences(form).map((at) => ({ at, name }))))
    .filter(({ at }) => !references.some(([begin, end]) => begin <= at[0] && at[1] <= end))
    .sort((a, b) => a.at[0] - b.at[0] || b.at[1] - a.at[1]);
  let out = "";
  let done = 0;
  for (let next = spans.shift(); next; next = spans.shift()) {
    let end = next.at[1];
    while (spans[0] && spans[0].at[0] < end) end = Math.max(end, spans.shift()?.at[1] ?? end);
    out += text.slice(done, next.at[0]) + referenceTo(next.name);
    done = end;
  }
  return out + text.slice(done);
}

function inPieces(secrets: NamedSecret[], text: string, cuts: number[]): string {
  const stream = createRedactor(secrets).stream();
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  const pieces = [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
  return pieces.map((piece) => stream.push(piece)).join("") + stream.end();
}

// Few letters, so that secrets overlap, repeat and contain one another; none can grow together with `SECRET_REF(`.
const value = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 3, maxLength: 12 }) },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom("q", "7", '"', "\\", "/", " ", "é", "𝄞", "\n", "=", "%"),
      minLength: 6,
      maxLength: 20,
    }),
  },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(..."kxyz0123456789"), minLength: 8, maxLength: 64 }) },
);
const secretsOf = fc
  .uniqueArray(value, { minLength: 1, maxLength: 6 })
  .map((values) => values.map((each, index) => ({ name: `name${index}`, value: each })));
const noise = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "q", "é", "𝄞", "\\"), maxLength: 15 }),
  fc.constantFrom("SECRET_REF(", "SECRET_REF(name0)", "SECRET_REF(nobody)", ")"),
);
/** A text of noise, whole forms and cut-off forms. */
const scene = secretsOf.chain((secrets) => {
  const forms = fc.constantFrom(...secrets.flatMap((secret) => formsOf(secret.value)));
  const cut = fc.tuple(forms, fc.nat(60)).map(([form, length]) => form.slice(0, length));
  return fc.record({
    secrets: fc.constant(secrets),
    text: fc.array(fc.oneof(forms, cut, noise), { maxLength: 12 }).map((parts) => parts.join("")),
    cuts: fc.array(fc.nat(2000), { maxLength: 20 }),
  });
});

describe("whatever the mix of forms and wherever the text is cut", () => {
  it("gives the union of all occurrences, one reference each", () => {
    fc.assert(
      fc.property(scene, ({ secrets, text, cuts }) => {
        const whole = createRedactor(secrets).redactText(text);
        expect(whole).toBe(expected(secrets, text));
        expect(inPieces(secrets, text, cuts)).toBe(whole);
        expect(
          inPieces(
            secrets,
            text,
            Array.from(text, (_, index) => index),
          ),
        ).toBe(whole);
      }),
      { numRuns: 3000 },
    );
  }, 120_000);

  it("leaves no form of any secret, and changes nothing when run again", () => {
    const lone = fc.record({
      secrets: secretsOf,
      before: fc.string({ maxLength: 20 }),
      after: fc.string({ maxLength: 20 }),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(lone, ({ secrets, before, after, pick }) => {
        const redactor = createRedactor(secrets);
        const forms = secrets.flatMap((secret) => formsOf(secret.value));
        const once = redactor.redactText(before + forms[pick % forms.length] + after);
        // A reference's own text is public: what is left to look through is the rest.
        const rest = once.split(/SECRET_REF\(name\d\)/);
        for (const form of forms) for (const part of rest) expect(part).not.toContain(form);
        expect(redactor.redactText(once)).toBe(once);
      }),
      { numRuns: 1500 },
    );
  }, 120_000);

  it("does not depend on the order in which secrets are registered", () => {
    fc.assert(
      fc.property(scene, ({ secrets, text }) => {
        expect(createRedactor([...secrets].reverse()).redactText(text)).toBe(createRedactor(secrets).redactText(text));
      }),
      { numRuns: 300 },
    );
  });

  it("holds back no more than the longest form, however long an overlapping run is", () => {
    const secrets = [{ name: "run", value: "aaaaaaaa" }];
    const stream = createRedactor(secrets).stream();
    const longest = Math.max(...formsOf("aaaaaaaa").map((form) => form.length));
    let passed = 0;
    for (let at = 0; at < 1000; at += 1) {
      passed += stream.push("x").length;
      expect(at + 1 - passed).toBeLessThanOrEqual(longest);
    }
    for (let at = 0; at < 100_000; at += 1) expect(stream.push("a")).toBe("");
    expect(stream.push(" end")).toBe("SECRET_REF(run) end");
    expect(stream.end()).toBe("");
  });
});

describe("every spelling of the registry layer", () => {
  const secret = { name: "db-password", value: 'p/ss "wörd"+{7f3a91c2}' };
  const redactor = createRedactor([secret]);
  const bytes = Buffer.from(secret.value);
  const base64 = (before: string, after: string) => Buffer.from(before + secret.value + after).toString("base64");

  it.each([
    ["plain", secret.value],
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["percent-encoded", encodeURIComponent(secret.value)],
    ["percent-encoded, lower case", encodeURIComponent(secret.value).replace(/%../g, (hex) => hex.toLowerCase())],
    ["as a form field", encodeURIComponent(secret.value).replaceAll("%20", "+")],
    ["percent-encoded throughout", bytes.toString("hex").replace(/../g, "%$&")],
    ["in JSON", JSON.stringify(secret.value).slice(1, -1)],
    ["in JSON in JSON", JSON.stringify(JSON.stringify(secret.value)).slice(3, -3)],
    ["in ASCII-only JSON", JSON.stringify(secret.value).slice(1, -1).replace("ö", "\\u00f6")],
    ["base64", base64("", "")],
    ["base64 without padding", base64("", "").replace(/=+$/, "")],
    ["base64url", bytes.toString("base64url")],
  ])("%s is replaced whole", (_name, form) => {
    expect(redactor.redactText(`<${form}>`)).toBe("<SECRET_REF(db-password)>");
  });

  it.each(["u:", "us:", "usr:"])("base64 of %s and the value gives nothing of the value away", (user) => {
    for (const after of ["", "x", "xy", "xyz"]) {
      const redacted = redactor.redactText(base64(user, after));
      expect(redacted).toContain("SECRET_REF(db-password)");
      // At most one character each side is shared with the neighbours.
      const left = redacted.replace("SECRET_REF(db-password)", "").length;
      expect(left).toBeLessThanOrEqual(Math.ceil(((user.length + after.length) * 8) / 6) + 4);
    }
  });
});

describe("known traps", () => {
  const two = createRedactor([
    { name: "long", value: "abcdefghij" },
    { name: "short", value: "abcdefgh" },
    { name: "tail", value: "ghijKLMN" },
  ]);

  it("leaves no tail of an overlapping secret", () => {
    expect(two.redactText("-abcdefghijKLMN-")).toBe("-SECRET_REF(long)-");
    expect(two.redactText("-abcdefgh-ghijKLMN")).toBe("-SECRET_REF(short)-SECRET_REF(tail)");
  });

  it("sees a secret that is followed by a combining mark, a joiner or a variation selector", () => {
    for (const mark of ["\u0301", "\u200d", "\ufe0f"]) {
      expect(two.redactText(`abcdefgh${mark}`)).toBe(`SECRET_REF(short)${mark}`);
    }
  });

  it("leaves a reference alone, also to a secret whose value is part of its name", () => {
    const redactor = createRedactor([{ name: "hunter22", value: "hunter22" }]);
    expect(redactor.redactText("use hunter22")).toBe("use SECRET_REF(hunter22)");
    expect(redactor.redactText("use SECRET_REF(hunter22)")).toBe("use SECRET_REF(hunter22)");
    expect(inPieces([{ name: "hunter22", value: "hunter22" }], "SECRET_REF(hunter22)", [13, 17])).toBe(
      "SECRET_REF(hunter22)",
    );
  });

  it("ignores empty values and survives lone surrogates", () => {
    const redactor = createRedactor([
      { name: "empty", value: "" },
      { name: "odd", value: "\ud800odd-value" },
    ]);
    expect(redactor.redactText("text")).toBe("text");
    expect(redactor.redactText("<\ud800odd-value>")).toBe("<SECRET_REF(odd)>");
  });

  it("finds each of two thousand secrets among the others", () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({
      name: `n${index}`,
      value: Buffer.from(`value ${index * 7919}`).toString("hex"),
    }));
    const redactor = createRedactor(many);
    for (const { name, value: each } of many) expect(redactor.redactText(`[${each}]`)).toBe(`[SECRET_REF(${name})]`);
  });
});

describe("JSON", () => {
  const redactor = createRedactor([
    { name: "token", value: "tok-123456" },
    { name: "pin", value: "90210777" },
  ]);

  it("is redacted in every string, key and number, and stays what it was elsewhere", () => {
    const value = JSON.parse(
      '{"a":["x tok-123456 y",null,true,3],"tok-123456":{"deep":"dG9rLTEyMzQ1Ng=="},"n":90210777,"__proto__":{"k":"tok-123456"}}',
    );
    expect(JSON.stringify(redactor.redactJson(value))).toBe(
      '{"a":["x SECRET_REF(token) y",null,true,3],"SECRET_REF(token)":{"deep":"SECRET_REF(token)"},"n":"SECRET_REF(pin)","__proto__":{"k":"SECRET_REF(token)"}}',
    );
  });

  it("comes back as the same object when there is nothing to take out", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => redactor.redactJson(value) === value || Object.is(value, -0)));
  });

  it("is refused when nested without end, instead of overflowing the stack", () => {
    const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
    expect(() => redactor.redactJson(deep)).toThrow(/nested/);
  });
});
