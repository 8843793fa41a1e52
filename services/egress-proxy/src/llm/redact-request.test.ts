import { createRedactor } from "@berth/redaction";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reference, secret, secretBase64 } from "../testing/emulated-proxy.ts";
import { sampleRequest } from "../testing/sample-requests.ts";
import { wireFormats } from "./formats/index.ts";
import { isHolder, type Json, leafAt, type Path, setLeaf, stringPaths } from "./json.ts";
import { outgoingBody } from "./outgoing-request.ts";
import type { WireFormat } from "./wire-format.ts";

const number = { name: "pin", value: "90210777123" };
const redactor = createRedactor([{ name: "db-password", value: secret }, number]);
const textOf = (format: WireFormat, body: Json) =>
  outgoingBody(format, body, { redactor, spansJson: false }).payload.toString();
const formatsByName = wireFormats.map((format) => [format.name, format] as const);

/** Where the objects of a value are. */
function objectPaths(value: unknown, path: Path = []): Path[] {
  if (!isHolder(value)) return [];
  const below = Object.entries(value).flatMap(([key, item]) =>
    objectPaths(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? below : [path, ...below];
}

describe.each(formatsByName)("a request in the %s format", (name, format) => {
  const sample = () => sampleRequest(name);

  it("is written as it was read when no secret is in it", () => {
    expect(textOf(format, sample())).toBe(JSON.stringify(sample()));
  });

  it.each(stringPaths(sample(), []).map((path) => [path.join("."), path] as const))(
    "holds no secret in %s, and everything else stays",
    (_path, path) => {
      for (const form of [secret, secretBase64]) {
        const body = sample();
        setLeaf(body, path, form);
        const expected = sample();
        setLeaf(expected, path, reference);
        expect(textOf(format, body)).toBe(JSON.stringify(expected));
      }
    },
  );

  it("holds none in a field's name, wherever it is", () => {
    for (const path of objectPaths(sample())) {
      const body = sample();
      setLeaf(body, [...path, secret], "x");
      const expected = sample();
      setLeaf(expected, [...path, reference], "x");
      expect(textOf(format, body)).toBe(JSON.stringify(expected));
    }
  });

  it("holds none in a number, and none in one of two fields of the same name", () => {
    const body = JSON.parse(JSON.stringify(sample()).replaceAll("12345678", number.value));
    body.temperature = Number(number.value);
    const text = textOf(format, body);
    expect(text).not.toContain(number.value);
    expect(text).toContain('"temperature":"SECRET_REF(pin)"');
    const doubled = JSON.stringify(sample()).replace("{", `{"user_note":"${secret}","user_note":"x",`);
    expect(textOf(format, JSON.parse(doubled))).not.toContain(secret);
  });

  it("is refused when nested without end", () => {
    const body = sample();
    body.extra = JSON.parse(`${"[".repeat(3000)}${"]".repeat(3000)}`);
    expect(() => textOf(format, body)).toThrow(/nested/);
  });
});

/** Two messages and the parts of the second, in each format. */
const splitOver: Record<WireFormat["name"], (first: string, parts: string[]) => Json> = {
  "anthropic-messages": (first, parts) => ({
    messages: [
      { role: "user", content: first },
      { role: "user", content: parts.map((text) => ({ type: "text", text, cache_control: { type: "ephemeral" } })) },
    ],
  }),
  "openai-chat": (first, parts) => ({
    messages: [
      { role: "user", content: first },
      { role: "user", name: "bob", content: parts.map((text) => ({ type: "text", text })) },
    ],
  }),
  "openai-responses": (first, parts) => ({
    input: [
      { role: "user", content: first },
      { role: "user", content: parts.map((text) => ({ type: "input_text", text })) },
    ],
  }),
  "google-generate": (first, parts) => ({
    contents: [
      { role: "user", parts: [{ text: first }] },
      { role: "user", parts: parts.map((text) => ({ text })) },
    ],
  }),
};

describe.each(formatsByName)("a secret that is split over a request in the %s format", (name, format) => {
  it("is cut out of all parts of one message, wherever it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(secret.length), { maxLength: 4 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), secret.length];
        const parts = at.slice(1).map((end, index) => secret.slice(at[index], end));
        const text = textOf(format, splitOver[name]("hello", ["the code is ", ...parts, "."]));
        const left = stringPaths(JSON.parse(text), []).map((path) => leafAt(JSON.parse(text), path));
        expect(left.filter((leaf) => leaf === reference)).toHaveLength(1);
        for (const part of parts.filter(({ length }) => length > 3)) expect(text).not.toContain(JSON.stringify(part));
      }),
    );
  });

  it("is cut in the newest message only, so that what was sent before never changes", () => {
    const [head, tail] = [secret.slice(0, 9), secret.slice(9)];
    const before = textOf(format, splitOver[name](`code ${head}`, ["hello"]));
    const after = textOf(format, splitOver[name](`code ${head}`, [tail, " end"]));
    expect(before).toBe(JSON.stringify(splitOver[name](`code ${head}`, ["hello"])));
    expect(after).toBe(JSON.stringify(splitOver[name](`code ${head}`, [reference, " end"])));
  });
});

it("a secret that is JSON itself is refused where it stands as an object, for no string of it could be replaced alone", () => {
  const value = '{"id":"a1","pin":"4711","on":true}';
  const known = { redactor: createRedactor([{ name: "account", value }]), spansJson: true };
  const [format] = wireFormats;
  const bodyWith = (input: unknown) => ({ messages: [{ role: "assistant", content: [{ type: "tool_use", input }] }] });
  expect(() => outgoingBody(format!, bodyWith(JSON.parse(value)), known)).toThrow(/cannot be replaced/);
  const text = outgoingBody(format!, bodyWith({ file: value }), known).payload.toString();
  expect(text).toContain('{"file":"SECRET_REF(account)"}');
});
