import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { handMadeHello, inRecords, realHello, serverNames } from "../testing/client-hello-bytes.ts";
import { readClientHello } from "./client-hello.ts";

const complete = { state: "complete", serverName: "api.example.com", hidesName: false };
let hello: Buffer;
beforeAll(async () => {
  hello = await realHello("api.example.com");
});

describe("a TLS greeting", () => {
  it("of a real client is read the same however it is cut into records and packets", () => {
    expect(readClientHello(hello)).toEqual(complete);
    for (const size of [1, 3, 10, 100, 1000]) expect(readClientHello(inRecords(hello, size))).toEqual(complete);
    for (const bytes of [hello, inRecords(hello, 7)]) {
      for (let cut = 0; cut < bytes.length; cut += 1) {
        expect(readClientHello(bytes.subarray(0, cut)).state).toBe("incomplete");
      }
    }
  });

  it("is read the same whatever follows it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (more) => {
        expect(readClientHello(Buffer.concat([hello, more]))).toEqual(complete);
      }),
    );
  });

  it("that was damaged anywhere names the host that it did or another or none, and never throws", () => {
    fc.assert(
      fc.property(fc.nat(hello.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = Buffer.from(hello);
        broken[at] = (broken[at] ?? 0) ^ flip;
        expect(["incomplete", "invalid", "complete"]).toContain(readClientHello(broken).state);
      }),
      { numRuns: 2000 },
    );
  });

  it("without a name says so", () => {
    expect(readClientHello(handMadeHello([]))).toEqual({ ...complete, serverName: null });
  });

  it("with a name in capitals, or of one that ends with a dot or holds a zero byte, is told as it is", () => {
    const named = (name: string) => readClientHello(handMadeHello([[0, serverNames(name)]]));
    expect(named("API.example.com")).toEqual(complete);
    expect(named("api.example.com.")).toMatchObject({ serverName: "api.example.com." });
    expect(named("api.example.com\0.evil")).toMatchObject({ serverName: "api.example.com\0.evil" });
  });

  it.each([
    ["two names", [[0, serverNames("api.example.com", "evil.example.net")]]],
    [
      "the extension twice",
      [
        [0, serverNames("api.example.com")],
        [0, serverNames("evil.example.net")],
      ],
    ],
    ["an empty list", [[0, Buffer.from([0, 0])]]],
    ["a name that is cut", [[0, serverNames("api.example.com").subarray(0, 9)]]],
    ["a name of another type", [[0, Buffer.from([0, 4, 1, 0, 1, 97])]]],
  ] as [string, [number, Buffer][]][])(
    "with %s is invalid: client and server might read different ones",
    (_what, extensions) => {
      expect(readClientHello(handMadeHello(extensions))).toEqual({ state: "invalid" });
    },
  );

  it.each([0xfe0d, 0xffce])("that hides its real name (extension %i) says that it does", (type) => {
    const extensions: [number, Buffer][] = [
      [0, serverNames("api.example.com")],
      [type, Buffer.from([0, 1, 2])],
    ];
    expect(readClientHello(handMadeHello(extensions))).toEqual({ ...complete, hidesName: true });
  });

  it.each([
    "GET / HTTP/1.1\r\n",
    "SSH-2.0-x\r\n",
    "\u0016\u0002\u0000\u0000\u0001x",
    "\u0015\u0003\u0001\u0000\u0002\u0001\u0000",
  ])("is not '%j'", (text) => expect(readClientHello(Buffer.from(text, "latin1"))).toEqual({ state: "invalid" }));
});
