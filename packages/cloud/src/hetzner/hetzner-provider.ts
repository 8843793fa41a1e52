import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { AppError, fail } from "@berth/platform";
import { z } from "zod";
import type { ProviderServer, ServerSpec, VpsProvider } from "../provider.ts";
import { chooseServerType } from "./choose-server-type.ts";
import { createHetznerClient, type HetznerClient, type HetznerClientOptions } from "./hetzner-client.ts";
import { ActionAnswer, type HetznerServer, ServerAnswer, ServersAnswer, ServerTypesAnswer } from "./hetzner-schemas.ts";

export interface HetznerOptions extends HetznerClientOptions {
  /** Default `fsn1`. */
  location?: string;
  /** Default `debian-12`. */
  image?: string;
}

/** Tells our servers from others in the same Hetzner project. */
const ownLabel = { "managed-by": "berth" };
const connectTimeoutMs = 10_000;

const statusOf: Record<string, ProviderServer["status"]> = { running: "running", off: "off", stopping: "off" };

async function openStream(host: string, port: number): Promise<Duplex> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(connectTimeoutMs) });
    return socket;
  } catch (cause) {
    socket.destroy();
    throw new AppError("unavailable", `Nothing answers on port ${port} of the server.`, { cause });
  }
}

function serverOf(server: HetznerServer): ProviderServer {
  const ipv4 = server.public_net.ipv4?.ip ?? null;
  return {
    id: String(server.id),
    name: server.name,
    status: statusOf[server.status] ?? "creating",
    ipv4,
    isolation: "machine",
    labels: server.labels,
    access: {
      kind: "ssh",
      openStream: (port) => (ipv4 ? openStream(ipv4, port) : fail("unavailable", "The server has no address yet.")),
    },
  };
}

const isOurs = (server: HetznerServer) => server.labels["managed-by"] === ownLabel["managed-by"];
const isThere = (server: HetznerServer) => server.status !== "deleting";
const ServerNumber = z.string().regex(/^[1-9]\d{0,15}$/);

/** Null for what is not found. */
const orNull = (error: unknown) => {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
};

async function findByName(send: HetznerClient, name: string): Promise<HetznerServer | null> {
  const path = `/servers?${new URLSearchParams({ name })}`;
  const { servers } = await send({ method: "GET", path }, ServersAnswer);
  return servers.find((server) => server.name === name && isThere(server)) ?? null;
}

/** Every page of a list; `path` ends in its query. */
async function readPages<T extends { meta: { pagination: { next_page: number | null } } }>(
  send: HetznerClient,
  path: string,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const pages: T[] = [];
  for (let page: number | null = 1; page !== null; ) {
    const answer: T = await send({ method: "GET", path: `${path}&per_page=50&page=${page}` }, schema);
    pages.push(answer);
    page = answer.meta.pagination.next_page;
  }
  return pages;
}

async function listOurs(send: HetznerClient): Promise<HetznerServer[]> {
  const query = new URLSearchParams({ label_selector: "managed-by=berth" });
  const pages = await readPages(send, `/servers?${query}`, ServersAnswer);
  return pages.flatMap((page) => page.servers).filter(isThere);
}

async function order(send: HetznerClient, spec: ServerSpec, location: string, image: string): Promise<HetznerServer> {
  const types = (await readPages(send, "/server_types?", ServerTypesAnswer)).flatMap((page) => page.server_types);
  const body = {
    name: spec.name,
    server_type: chooseServerType(types, spec, location).name,
    image,
    location,
    labels: { ...spec.labels, ...ownLabel },
    // No ssh_keys: the one-time key is in the user data, and never in the Hetzner project.
    user_data: spec.userData,
    start_after_create: true,
    public_net: { enable_ipv4: true, enable_ipv6: true },
  };
  return (await send({ method: "POST", path: "/servers", body }, ServerAnswer)).server;
}

/** By name: an order whose answer was lost must not buy a second server. */
async function createOnce(
  send: HetznerClient,
  spec: ServerSpec,
  location: string,
  image: string,
): Promise<HetznerServer> {
  const found = await findByName(send, spec.name);
  const server =
    found ??
    (await order(send, spec, location, image).catch(async (error: unknown) => {
      const rival = error instanceof AppError && error.code === "conflict" ? await findByName(send, spec.name) : null;
      if (rival) return rival;
      throw error;
    }));
  if (!isOurs(server)) fail("conflict", `A server called ${spec.name} exists already, and it is not one of ours.`);
  return server;
}

/** Servers at Hetzner Cloud. `id` is Hetzner's number as text. */
export function createHetznerProvider(options: HetznerOptions): VpsProvider {
  const send = createHetznerClient(options);
  const { location = "fsn1", image = "debian-12" } = options;
  const get = async (id: string): Promise<HetznerServer | null> => {
    if (!ServerNumber.safeParse(id).success) return null;
    const answer = await send({ method: "GET", path: `/servers/${id}` }, ServerAnswer).catch(orNull);
    return answer && isThere(answer.server) && isOurs(answer.server) ? answer.server : null;
  };
  const act = async (id: string, action: "poweron" | "shutdown" | "reboot"): Promise<void> => {
    if (!(await get(id))) fail("not_found", "There is no such server.");
    await send({ method: "POST", path: `/servers/${id}/actions/${action}` }, ActionAnswer);
  };
  const found = (server: HetznerServer | null) => (server ? serverOf(server) : null);
  return {
    name: "hetzner",
    capabilities: { canOrder: true, isolation: "machine" },
    createServer: async (spec) => serverOf(await createOnce(send, spec, location, image)),
    getServer: async (id) => found(await get(id)),
    async findServerByName(name) {
      const server = await findByName(send, name);
      return found(server && isOurs(server) ? server : null);
    },
    listServers: async () => (await listOurs(send)).map(serverOf),
    async destroyServer(id) {
      // What is not ours stays, whatever id we are given.
      if (await get(id)) await send({ method: "DELETE", path: `/servers/${id}` }, ActionAnswer).catch(orNull);
    },
    powerOn: (id) => act(id, "poweron"),
    powerOff: (id) => act(id, "shutdown"),
    reboot: (id) => act(id, "reboot"),
  };
}
