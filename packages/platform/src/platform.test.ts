import { Writable } from "node:stream";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  AppError,
  appErrorOf,
  argumentsSha256,
  createIds,
  createLogger,
  exportSigningKey,
  generateSigningKey,
  importSigningKey,
  ManualClock,
  parseEnv,
  parseOrFail,
  problemOf,
  publicKeyOf,
  reveal,
  seal,
  secretOf,
  signJws,
  signRequest,
  unseal,
  verifyJws,
  verifyRequest,
} from "./index.ts";

const clock = new ManualClock();

describe("errors", () => {
  test("an unknown fault tells the public nothing about itself", () => {
    const { status, body } = problemOf(appErrorOf(new Error("password=hunter2")), "req_1");
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("hunter2");
  });

  test("bad input names the field", () => {
    const bad = () => parseOrFail(z.object({ planId: z.enum(["a"]) }), { planId: "b" }, "request body");
    expect(bad).toThrow(AppError);
    expect(bad).toThrow(/planId/);
  });

  test("an incomplete environment names the variable and repeats no value", () => {
    const parse = () => parseEnv(z.object({ PORT: z.coerce.number(), KEY: z.string().min(50) }), { KEY: "topsecret" });
    expect(parse).toThrow(/PORT/);
    expect(parse).not.toThrow(/topsecret/);
  });
});

test("ids sort in the order they were made, also within a millisecond", () => {
  const ids = createIds(clock);
  const made = Array.from({ length: 500 }, () => ids.next("ord"));
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(500);
});

describe("secrets", () => {
  test("print as [secret] everywhere and open only through reveal()", () => {
    const secret = secretOf("s3cr3t-value");
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret, { showHidden: true }),
    ];
    expect(shown.join()).not.toContain("s3cr3t-value");
    expect(reveal(secret)).toBe("s3cr3t-value");
  });

  test("a logger hides fields that commonly hold one", () => {
    let written = "";
    const destination = new Writable({
      write: (chunk, _encoding, done) => {
        written += chunk;
        done();
      },
    });
    createLogger({ service: "test", destination }).info(
      { token: "aaa-1", headers: { authorization: "bbb-2" } },
      "hello",
    );
    expect(written).toContain("hello");
    expect(written).not.toMatch(/aaa-1|bbb-2/);
  });
});

test("the hash of arguments does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
      const reversed = Object.fromEntries(Object.entries(args).reverse());
      expect(argumentsSha256(reversed)).toBe(argumentsSha256(args));
    }),
  );
});

describe("signed requests", () => {
  const { privateKey, publicKey } = generateSigningKey();
  const request = { method: "POST", url: "http://hub.test/api/x?y=1", body: "{}" };
  const keyOf = async (keyId: string) => (keyId === "tnt_1" ? publicKey : null);
  const check = (change: Partial<Parameters<typeof verifyRequest>[0]> = {}) =>
    verifyRequest({
      ...request,
      headers: signRequest({ ...request, keyId: "tnt_1", privateKey, clock }),
      publicKeyOf: keyOf,
      clock,
      ...change,
    });

  test("are accepted, also under another host name of the same Hub", async () => {
    await expect(check()).resolves.toEqual({ keyId: "tnt_1" });
    await expect(check({ url: "https://hub.example/api/x?y=1" })).resolves.toEqual({ keyId: "tnt_1" });
  });

  test.each([
    ["another body", { body: "{ }" }],
    ["another method", { method: "PUT" }],
    ["another path", { url: "http://hub.test/api/z?y=1" }],
    ["another query", { url: "http://hub.test/api/x?y=2" }],
    ["no signature", { headers: {} }],
    ["another tenant's key", { publicKeyOf: async () => generateSigningKey().publicKey }],
    ["an unknown key", { publicKeyOf: async () => null }],
    ["an old one", { clock: new ManualClock(clock.now() + 301_000) }],
    ["one from the future", { clock: new ManualClock(clock.now() - 301_000) }],
  ])("are refused with %s", async (_name, change) => {
    await expect(check(change)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("a signing key survives its PEM form", () => {
    expect(publicKeyOf(importSigningKey(exportSigningKey(privateKey)))).toBe(publicKey);
  });
});

describe("signed words of the Hub", () => {
  const { privateKey, publicKey } = generateSigningKey();
  const keys = [{ kid: "hub-1", publicKey }];

  test("are accepted with the right key and type", async () => {
    const jws = await signJws({ payload: { a: 1 }, typ: "berth-policy+jws", kid: "hub-1", privateKey });
    await expect(verifyJws({ jws, typ: "berth-policy+jws", keys })).resolves.toEqual({ a: 1 });
  });

  test("are refused as another type, by another key, or changed", async () => {
    const jws = await signJws({ payload: { a: 1 }, typ: "berth-policy+jws", kid: "hub-1", privateKey });
    const forged = await signJws({ payload: { a: 1 }, typ: "berth-policy+jws", kid: "hub-1", ...generateSigningKey() });
    const [head, , tail] = jws.split(".");
    const changed = `${head}.${Buffer.from('{"a":2}').toString("base64url")}.${tail}`;
    for (const attempt of [
      { jws, typ: "berth-decision+jws" },
      { jws: forged, typ: "berth-policy+jws" },
      { jws: changed, typ: "berth-policy+jws" },
      { jws: "not.a.jws", typ: "berth-policy+jws" },
    ]) {
      await expect(verifyJws({ ...attempt, keys })).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });
});

test("a sealed value opens only with its key and in its place, and no bit may change", () => {
  const key = Buffer.alloc(32, 7);
  const sealed = seal("private", key, "server:1");
  expect(unseal(sealed, key, "server:1")).toBe("private");
  expect(() => unseal(sealed, key, "server:2")).toThrow(AppError);
  expect(() => unseal(sealed, Buffer.alloc(32, 8), "server:1")).toThrow(AppError);
  const bytes = Buffer.from(sealed, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => unseal(flipped.toString("base64url"), key, "server:1")).toThrow(AppError);
  }
});
