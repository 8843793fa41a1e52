import { describe, expect, it } from "vitest";
import { createRedactor } from "./index.ts";

const redactor = createRedactor([
  { name: "token", value: "tok-123456-QwErTy" },
  { name: "other", value: "hunter2-hunter2" },
]);
const texts = (...parts: [text: string, group: number][]) => parts.map(([text, group]) => ({ text, group }));

describe("a secret that is split over texts", () => {
  it("goes from all parts of one message, with one reference where it begins", () => {
    expect(redactor.redactSegments(texts(["a tok-12", 1], ["3456", 1], ["-QwErTy b", 1]))).toEqual([
      "a SECRET_REF(token)",
      "",
      " b",
    ]);
  });

  it("is cut in the newest message only, so that the older ones stay as they were sent", () => {
    const older = texts(["hello", 0], ["a tok-12", 1]);
    const sent = redactor.redactSegments(older);
    expect(sent).toEqual(["hello", "a tok-12"]);
    expect(redactor.redactSegments([...older, ...texts(["3456-QwErTy b", 2])])).toEqual([
      ...sent,
      "SECRET_REF(token) b",
    ]);
  });

  it("leaves the very same strings where there is nothing", () => {
    const plain = texts(["one", 0], ["two", 1], ["", 2]);
    const out = redactor.redactSegments(plain);
    expect(out).toEqual(["one", "two", ""]);
  });
});

describe("find", () => {
  it("names the secret and where it stands", () => {
    expect(redactor.find("x hunter2-hunter2 y")).toEqual([{ begin: 2, end: 17, kind: "secret", name: "other" }]);
  });
});
