import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpRequestArgs } from "@berth/contracts";
import { appErrorOf, readBody } from "@berth/platform";
import { ProxyAgent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { httpRequest } from "./http-request.ts";

const value = `s3cret "quoted" & \\ a=b`;
let target: Server;
let proxyServer: Server;
let proxy: ProxyAgent;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
const viaProxy: string[] = [];

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`; // A TCP server has no other kind of address.
};

beforeEach(async () => {
  seen.length = 0;
  viaProxy.length = 0;
  answer = (_request, response) => response.end("fine");
  target = createServer((request, response) => {
    readBody(request, 1_000_000).then(
      (body) => {
        seen.push({
          method: request.method ?? "",
          url: request.url ?? "",
          headers: request.headers,
          body: body.toString(),
        });
        answer(request, response);
      },
      () => response.destroy(),
    );
  });
  origin = `http://${await listen(target)}`;
  proxyServer = createServer((request, response) => {
    viaProxy.push(request.url ?? "");
    const passed = forward(request.url ?? "", { method: request.method ?? "GET", headers: request.headers }, (back) => {
      response.writeHead(back.statusCode ?? 502, back.headers);
      back.pipe(response);
    });
    passed.on("error", () => response.writeHead(502).end());
    request.pipe(passed);
  });
  proxy = new ProxyAgent(`http://${await listen(proxyServer)}`);
});
afterEach(async () => {
  await proxy.destroy();
  for (const server of [target, proxyServer]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const uses: string[] = [];
const send = (args: object) =>
  httpRequest(
    { proxy },
    {
      args: HttpRequestArgs.parse(args),
      call: { agent: "main", sessionKey: "agent:main:main", origin: "person" },
      redactCut: (text) => text,
      useSecret: (name, purpose) => {
        uses.push(`${name}: ${purpose}`);
        return value;
      },
    },
  ).catch((error) => ({ ok: false, text: appErrorOf(error).publicMessage }));

test("a request goes out through the proxy and nowhere else", async () => {
  expect(await send({ method: "GET", url: `${origin}/x?y=1` })).toMatchObject({
    ok: true,
    text: expect.stringContaining("HTTP 200"),
  });
  expect(viaProxy).toEqual([`${origin}/x?y=1`]);
});

test.each([
  ["application/json", '{"k":"SECRET_REF(key)"}', JSON.stringify({ k: value })],
  ["application/x-www-form-urlencoded", "k=SECRET_REF(key)&z=1", `k=${encodeURIComponent(value)}&z=1`],
  ["text/plain", "SECRET_REF(key)!", `${value}!`],
])("in a %s body a secret stays one value", async (type, body, expected) => {
  await send({ method: "POST", url: origin, headers: { "Content-Type": type }, body });
  expect(seen[0]?.body).toBe(expected);
});

test("in the address and in a header a secret is put in, and its use is noted with the host", async () => {
  uses.length = 0;
  await send({ method: "GET", url: `${origin}/p?k=SECRET_REF(key)`, headers: { "X-Key": "Bearer SECRET_REF(key)" } });
  expect(new URL(seen[0]?.url ?? "", origin).searchParams.get("k")).toBe(value);
  expect(seen[0]?.headers["x-key"]).toBe(`Bearer ${value}`);
  const use = `key: http_request GET ${new URL(origin).host}`;
  expect(uses).toEqual([use, use]);
});

test.each([
  ["a secret as the host", { method: "GET", url: "http://SECRET_REF(key).example.com/" }],
  ["a secret as the port", { method: "GET", url: "http://example.com:SECRET_REF(key)/" }],
  ["another scheme", { method: "GET", url: "file:///etc/passwd" }],
  ["credentials in the address", { method: "GET", url: "http://user:pass@example.com/" }],
  ["no address", { method: "GET", url: "not a url" }],
  ["another site's name", { method: "GET", url: "http://example.com/", headers: { Host: "evil.example.net" } }],
  [
    "a length of its own",
    { method: "POST", url: "http://example.com/", headers: { "content-length": "1" }, body: "xy" },
  ],
  ["a body with GET", { method: "GET", url: "http://example.com/", body: "x" }],
])("%s is refused before anything is sent", async (_what, args) => {
  expect(await send(args)).toMatchObject({ ok: false });
  expect(viaProxy).toEqual([]);
});

test("a redirect is followed for reading on the same host only; another host never sees the headers", async () => {
  answer = (request, response) => {
    if (request.url === "/a") response.writeHead(302, { location: "/b" }).end();
    else if (request.url === "/away") response.writeHead(302, { location: "http://elsewhere.example.com/" }).end();
    else response.end("there");
  };
  expect((await send({ method: "GET", url: `${origin}/a` })).text).toContain("there");
  const away = await send({ method: "GET", url: `${origin}/away`, headers: { "X-Key": "SECRET_REF(key)" } });
  expect(away).toMatchObject({ ok: false, text: expect.stringContaining("location: http://elsewhere.example.com/") });
  expect(viaProxy.some((url) => url.includes("elsewhere"))).toBe(false);
  await send({ method: "POST", url: `${origin}/a` });
  expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("an endless redirect and an endless answer both end", async () => {
  answer = (_request, response) => response.writeHead(302, { location: "/again" }).end();
  expect(await send({ method: "GET", url: origin })).toMatchObject({ ok: false });
  answer = (_request, response) => {
    const more = () => {
      while (response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  };
  const { text } = await send({ method: "GET", url: origin });
  expect(text).toContain("is cut");
  expect(text.length).toBeLessThan(210_000);
});

test("a proxy that is away is said in words", async () => {
  proxyServer.closeAllConnections();
  await new Promise((resolve) => proxyServer.close(resolve));
  expect(await send({ method: "GET", url: origin })).toMatchObject({
    ok: false,
    text: expect.stringContaining("failed"),
  });
  await listen(proxyServer);
});
