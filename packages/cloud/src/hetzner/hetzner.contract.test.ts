import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { secretOf } from "@berth/platform";
import { Ajv } from "ajv";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createHetznerProvider } from "./hetzner-provider.ts";

/** Hetzner's own description of its API, kept beside the repository: too large and not ours to copy into it. */
const specFile = path.resolve(import.meta.dirname, "../../../../../shared/specs/hetzner-cloud-openapi.json");

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  example?: unknown;
  nullable?: boolean;
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}
interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
  responses: Record<string, { content: { "application/json": { schema: Schema } } }>;
}
interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Seen {
  method: string;
  url: URL;
  body: unknown;
  authorization: string | undefined;
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : undefined;
};

describe.skipIf(!existsSync(specFile))(`Hetzner Cloud by its own description (${specFile})`, () => {
  let spec: Spec;
  let baseUrl = "";
  let seen: Seen[] = [];
  /** Changes an example answer before it is sent: `METHOD /path` -> status and body. */
  let answers: (seen: Seen, example: unknown) => { status?: number; body?: unknown } = () => ({});
  const resolve = (schema: Schema): Schema =>
    schema.$ref ? (spec.components.schemas[schema.$ref.split("/").pop() ?? ""] ?? {}) : schema;

  /** An answer as the description has it: every property, with the example values. */
  const exampleOf = (given: Schema): unknown => {
    const schema = resolve(given);
    if (schema.example !== undefined) return schema.example;
    if (schema.enum) return schema.enum.includes("running") ? "running" : schema.enum[0];
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(exampleOf));
    if (schema.properties) {
      return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, exampleOf(one)]));
    }
    if (schema.items) return [exampleOf(schema.items)];
    return schema.nullable ? null : ({ string: "text", integer: 1, number: 1, boolean: true }[schema.type ?? ""] ?? {});
  };
  const operationOf = ({ method, url }: Seen): Operation | undefined =>
    spec.paths[url.pathname.replace(/^\/servers\/\d+/, "/servers/{id}")]?.[method.toLowerCase()];

  const server = createServer(async (request, response) => {
    const one: Seen = {
      method: request.method ?? "",
      url: new URL(request.url ?? "/", "http://hetzner.test"),
      body: await bodyOf(request),
      authorization: request.headers.authorization,
    };
    seen.push(one);
    const good = Object.entries(operationOf(one)?.responses ?? {}).find(([status]) => status.startsWith("2"));
    const example = good ? exampleOf(good[1].content["application/json"].schema) : { error: "no such operation" };
    const changed = answers(one, example);
    response.writeHead(changed.status ?? Number(good?.[0] ?? 599), { "content-type": "application/json" });
    response.end(JSON.stringify(changed.body ?? example));
  });

  beforeAll(async () => {
    spec = JSON.parse(readFileSync(specFile, "utf8"));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    seen = [];
    answers = withOurs;
  });

  const provider = () => createHetznerProvider({ token: secretOf("hetzner-token"), baseUrl });
  const wanted = {
    name: "berth-one",
    cores: 1,
    memoryMb: 1024,
    diskGb: 20,
    userData: "#cloud-config\n{}\n",
    labels: { tenant: "tnt_1" },
  };
  // biome-ignore lint/suspicious/noExplicitAny: examples are made from the description; zod is what checks them here.
  type Example = any;
  const ours = { "managed-by": "berth", tenant: "tnt_1" };
  /** The examples, as if their servers were ours and no other page followed. */
  const withOurs = ({ method }: Seen, example: Example) => {
    const body = structuredClone(example);
    for (const one of [body.server, ...(body.servers ?? [])]) if (one) one.labels = ours;
    for (const type of body.server_types ?? []) for (const location of type.locations) location.deprecation = null;
    if (body.server) body.server.name = wanted.name;
    if (body.servers) body.servers = [];
    if (body.meta) body.meta.pagination.next_page = null;
    return method === "DELETE" ? {} : { body };
  };

  test("an order is what Hetzner accepts, with our label and the user data, and without a key of its project", async () => {
    const created = await provider().createServer(wanted);
    expect(created).toMatchObject({ id: "42", name: "berth-one", isolation: "machine", access: { kind: "ssh" } });
    const post = seen.find((one) => one.method === "POST")!;
    const schema = operationOf(post)?.requestBody?.content["application/json"].schema ?? {};
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(spec, "hetzner");
    const validate = ajv.compile({ $ref: `hetzner${schema.$ref}` });
    expect(validate(post.body), JSON.stringify(validate.errors)).toBe(true);
    const known = Object.keys(resolve(schema).properties ?? {});
    expect(Object.keys(post.body as object).filter((name) => !known.includes(name))).toEqual([]);
    expect(validate({ ...(post.body as object), image: 7 })).toBe(false);
    expect(post.body).toMatchObject({ name: "berth-one", labels: ours, user_data: wanted.userData, location: "fsn1" });
    expect(post.body).not.toHaveProperty("ssh_keys");
    expect(post.authorization).toBe("Bearer hetzner-token");
  });

  test("every request is one that the description has, with query parameters it knows", async () => {
    const hetzner = provider();
    await hetzner.createServer(wanted);
    await hetzner.getServer("42");
    await hetzner.findServerByName("berth-one");
    await hetzner.listServers();
    for (const verb of ["powerOn", "powerOff", "reboot", "destroyServer"] as const) await hetzner[verb]("42");
    expect(seen.length).toBeGreaterThanOrEqual(11);
    for (const one of seen) {
      const operation = operationOf(one);
      expect(operation, `${one.method} ${one.url.pathname}`).toBeDefined();
      const known = (operation?.parameters ?? []).filter(({ in: where }) => where === "query").map(({ name }) => name);
      expect([...one.url.searchParams.keys()].filter((name) => !known.includes(name))).toEqual([]);
    }
  });

  test("every status of the description is understood, and one that is being deleted counts as gone", async () => {
    const statuses = (spec.components.schemas.server?.properties?.status?.enum ?? []) as string[];
    expect(statuses).toContain("running");
    const mapped: Record<string, string | undefined> = {};
    for (const status of statuses) {
      answers = (one, example: Example) => {
        const { body } = withOurs(one, example);
        if (body?.server) Object.assign(body.server, { status, public_net: { ...body.server.public_net, ipv4: null } });
        return { body };
      };
      const server = await provider().getServer("42");
      mapped[status] = server?.status;
      if (server) expect(server.ipv4).toBeNull();
    }
    expect(mapped).toMatchObject({ running: "running", off: "off", stopping: "off", initializing: "creating" });
    expect(mapped.deleting).toBeUndefined();
    expect(Object.keys(mapped).filter((status) => mapped[status] === undefined)).toEqual(["deleting"]);
  });

  test("a server of that name is not ordered twice, not even when another order wins in between", async () => {
    const existing = (one: Seen, example: Example) => {
      const { body } = withOurs(one, example);
      if (body?.servers) body.servers = [{ ...example.servers[0], name: wanted.name, labels: ours }];
      return { body };
    };
    answers = existing;
    expect((await provider().createServer(wanted)).name).toBe(wanted.name);
    expect(seen.filter(({ method }) => method === "POST")).toEqual([]);
    let ordered = false;
    answers = (one, example) => {
      if (one.method !== "POST") return ordered ? existing(one, example) : withOurs(one, example);
      ordered = true;
      return { status: 409, body: { error: { code: "uniqueness_error", message: "server name is already used" } } };
    };
    expect((await provider().createServer(wanted)).name).toBe(wanted.name);
    expect(ordered).toBe(true);
  });

  test("a server that is not ours is neither taken, shown, switched off nor destroyed", async () => {
    answers = (one, example: Example) => {
      const { body } = withOurs(one, example);
      if (body?.server) body.server.labels = {};
      if (body?.servers) body.servers = [{ ...example.servers[0], name: wanted.name, labels: {} }];
      return { body };
    };
    const hetzner = provider();
    await expect(hetzner.createServer(wanted)).rejects.toMatchObject({ code: "conflict" });
    expect(await hetzner.getServer("42")).toBeNull();
    expect(await hetzner.findServerByName(wanted.name)).toBeNull();
    await hetzner.destroyServer("42");
    await expect(hetzner.powerOff("42")).rejects.toMatchObject({ code: "not_found" });
    expect(seen.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("all pages of the list are read", async () => {
    answers = (one, example: Example) => {
      const page = Number(one.url.searchParams.get("page"));
      const servers = [{ ...example.servers[0], id: page, labels: ours }];
      const pagination = { ...example.meta.pagination, next_page: page < 3 ? page + 1 : null };
      return { body: { servers, meta: { pagination } } };
    };
    expect((await provider().listServers()).map(({ id }) => id)).toEqual(["1", "2", "3"]);
    expect(seen[0]?.url.searchParams.get("label_selector")).toBe("managed-by=berth");
  });

  test.each([
    [401, "unauthorized", "forbidden"],
    [403, "resource_limit_exceeded", "unavailable"],
    [412, "resource_unavailable", "unavailable"],
    [422, "invalid_input", "invalid_input"],
    [423, "locked", "conflict"],
    [429, "rate_limit_exceeded", "rate_limited"],
    [503, "something_new", "unavailable"],
  ])("an error %i %s is told as %s, with Hetzner's code for the operator and no token", async (status, code, ours) => {
    answers = () => ({ status, body: { error: { code, message: "said why" } } });
    const error = await provider()
      .createServer(wanted)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: ours, internal: `${code}: said why` });
    expect(String(error)).not.toContain("hetzner-token");
  });

  test("an answer in another form, and no answer, are faults and never half a server", async () => {
    answers = () => ({ status: 200, body: { server: { id: "42" } } });
    await expect(provider().getServer("42")).rejects.toMatchObject({ code: "unavailable" });
    const nobody = createHetznerProvider({ token: secretOf("t"), baseUrl: "http://127.0.0.1:1" });
    await expect(nobody.listServers()).rejects.toMatchObject({ code: "unavailable" });
    for (const id of ["", "0", "../x", "42/actions"]) expect(await nobody.getServer(id)).toBeNull();
  });
});
