import { HttpRequestArgs } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planRequest, type ResolvedRequest } from "./plan-request.ts";

const url = "https://api.example.com/";
const resolve = (args: object, value: string | Record<string, string>): ResolvedRequest =>
  planRequest(HttpRequestArgs.parse({ method: "POST", url, ...args })).resolve((name) =>
    typeof value === "string" ? value : (value[name] ?? "?"),
  );
const body = (type: string | null, text: string, value: string) =>
  resolve({ ...(type && { headers: { "Content-Type": type } }), body: text }, value).body ?? "";

/** The public words of what is refused; the value must not be in them. */
function refusal(args: object, value: string): string {
  try {
    resolve(args, value);
    return "";
  } catch (error) {
    expect(appErrorOf(error).code).toBe("invalid_input");
    expect(appErrorOf(error).publicMessage).not.toContain(value);
    return appErrorOf(error).publicMessage;
  }
}

const anyValue = fc.oneof(
  fc.string({ unit: "binary", minLength: 8 }).map((text) => text.toWellFormed()),
  fc.array(fc.constantFrom(..."\"'\\/&=?#%+<>]-:{}[],\n\r\t 0aéS😀"), { minLength: 8 }).map((parts) => parts.join("")),
);

test("in path, query and fragment any value stays one piece of the address", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const { url: sent } = resolve({ url: `${url}a/SECRET_REF(k)/b?x=SECRET_REF(k)&y=1` }, value);
      expect(sent.host).toBe("api.example.com");
      const path = sent.pathname.split("/");
      expect([path.length, decodeURIComponent(path[2] ?? "")]).toEqual([4, value]);
      expect([sent.searchParams.get("x"), sent.searchParams.get("y"), sent.hash]).toEqual([value, "1", ""]);
    }),
  );
});

test.each<[string, string, (value: string) => unknown]>([
  ["a JSON string", '{"k":"a SECRET_REF(k) b","n":1.0}', (value) => ({ k: `a ${value} b`, n: 1 })],
  ["a JSON key", '[{"a SECRET_REF(k)":"k"}]', (value) => [{ [`a ${value}`]: "k" }]],
  ["a list", '["SECRET_REF(k)","SECRET_REF(k)"]', (value) => [value, value]],
])("in %s any value stays that string", (_where, text, expected) => {
  const types = fc.constantFrom("application/json", "application/vnd.api+json; charset=utf-8", null);
  fc.assert(
    fc.property(anyValue, types, (value, type) => {
      expect(JSON.parse(body(type, text, value))).toEqual(expected(value));
    }),
  );
});

test("in JSON inside a JSON string any value stays one string of the inner one", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const outer: { j: string } = JSON.parse(body("application/json", '{"j":"{\\"k\\":\\"SECRET_REF(k)\\"}"}', value));
      expect(JSON.parse(outer.j)).toEqual({ k: value });
    }),
  );
});

test("what is around the value is sent byte for byte as it was written", () => {
  const text = '{ "big": 12345678901234567890, "k":"SECRET_REF(k)",\n "é": 1.0 }';
  expect(body("application/json", text, 'a"b')).toBe(text.replace("SECRET_REF(k)", 'a\\"b'));
});

test("in a form any value stays one field", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const sent = new URLSearchParams(
        body("application/x-www-form-urlencoded", "a=1&k=SECRET_REF(k)&SECRET_REF(k)=b", value),
      );
      expect([sent.get("k"), sent.get(value)]).toEqual([value, "b"]);
    }),
  );
});

test("JSON lines and sequences are judged value by value", () => {
  expect(body("application/x-ndjson", '{"a":1}\n{"k":"SECRET_REF(k)"}\n', 'x"\ny')).toBe('{"a":1}\n{"k":"x\\"\\ny"}\n');
  expect(body("application/json-seq", '\u001e{\n"k":"SECRET_REF(k)"}\n', 'x"y')).toBe('\u001e{\n"k":"x\\"y"}\n');
});

test("in XML a value is text, and in a CDATA section what cannot end it", () => {
  expect(body("text/xml", "<a b='SECRET_REF(k)'>SECRET_REF(k)</a>", `<'&">`)).toBe(
    "<a b='&lt;&apos;&amp;&quot;&gt;'>&lt;&apos;&amp;&quot;&gt;</a>",
  );
  expect(body("application/soap+xml", "<a><![CDATA[SECRET_REF(k)]]></a>", "<&>")).toBe("<a><![CDATA[<&>]]></a>");
  const cdata = { headers: { "content-type": "text/xml" }, body: "<![CDATA[SECRET_REF(k)]]>" };
  expect(refusal(cdata, "a]]><evil/>")).toContain("CDATA");
});

test("in a multipart body a value can neither end its part nor its header", () => {
  const multipart = (text: string) => ({
    headers: { "content-type": 'multipart/form-data; boundary="b1"' },
    body: text,
  });
  const part = '--b1\r\ncontent-disposition: form-data; name="SECRET_REF(n)"\r\n\r\nSECRET_REF(k)\r\n--b1--\r\n';
  const values = { n: "name-12345", k: "two\r\nlines" };
  expect(resolve(multipart(part), values).body).toBe(
    part.replace("SECRET_REF(n)", values.n).replace("SECRET_REF(k)", values.k),
  );
  expect(refusal(multipart(part.replace("SECRET_REF(n)", "x")), "a\r\n--b1\r\nx")).toContain("SECRET_REF(k)");
  expect(refusal(multipart(part), 'a"; filename="x')).toContain("SECRET_REF(n)");
});

test("a body of another type takes the value as it is", () => {
  expect(body("text/plain", "k: SECRET_REF(k)", 'a"\nb')).toBe('k: a"\nb');
  expect(body(null, "not json: SECRET_REF(k)", 'a"\nb')).toBe('not json: a"\nb');
});

test("names and values of headers take a value, as one header", () => {
  const { headers } = resolve({ headers: { "X-SECRET_REF(n)": "Bearer SECRET_REF(k)" } }, { n: "Name-1", k: "va lue" });
  expect(headers).toEqual([["x-name-1", "Bearer va lue"]]);
});

test.each([
  ["a header", { headers: { a: "SECRET_REF(k)" } }, "line\r\nx-evil: 1"],
  ["a header", { headers: { a: "SECRET_REF(k)" } }, "line\nbreak-1"],
  ["a header", { headers: { a: "SECRET_REF(k)" } }, "wide-€-letter"],
  ["a header", { headers: { a: "SECRET_REF(k)" } }, " blank before"],
  ["a header's name", { headers: { "x-SECRET_REF(k)": "1" } }, "a: b\r\nc:d"],
  [
    "a GraphQL text inside JSON",
    { headers: { "content-type": "application/json" }, body: '{"query":"{ login(p: \\"SECRET_REF(k)\\") }"}' },
    'a") { x } #',
  ],
])("a value that %s cannot carry is refused, and not quoted", (_where, args, value) => {
  expect(refusal(args, value)).toContain("SECRET_REF(k)");
});

test.each([
  ["outside a JSON string", { headers: { "content-type": "application/json" }, body: '{"k":SECRET_REF(k)}' }],
  ["in broken JSON", { headers: { "content-type": "application/json" }, body: '{"k":"SECRET_REF(k)"' }],
  [
    "under a JSON key that stands twice",
    { headers: { "content-type": "application/json" }, body: '{"k":"SECRET_REF(k)","k":1}' },
  ],
  ["after a JSON backslash", { headers: { "content-type": "application/json" }, body: '{"k":"\\SECRET_REF(k)"}' }],
  ["in half a JSON escape", { headers: { "content-type": "application/json" }, body: '{"k":"\\u00SECRET_REF(k)"}' }],
  ["after a percent sign", { url: `${url}?k=%SECRET_REF(k)` }],
  [
    "in half a percent escape",
    { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "k=%4SECRET_REF(k)" },
  ],
  ["in the host", { url: "https://SECRET_REF(k).example.com/" }],
  ["in the port", { url: "https://api.example.com:SECRET_REF(k)/" }],
  ["before the host", { url: "https://SECRET_REF(k)@api.example.com/" }],
  ["in the content type", { headers: { "content-type": "SECRET_REF(k)" }, body: "x" }],
])("a reference %s is refused before its value is asked for", (_where, args) => {
  expect(() => planRequest(HttpRequestArgs.parse({ method: "POST", url, ...args }))).toThrowError(
    expect.objectContaining({ code: "invalid_input" }),
  );
});

test("a value does not become a header of the connection", () => {
  const args = { headers: { "SECRET_REF(k)": "evil.example.net" } };
  for (const value of ["connection", "Transfer-Encoding", "content-length"])
    expect(refusal(args, value)).toContain("SECRET_REF(k)");
});
