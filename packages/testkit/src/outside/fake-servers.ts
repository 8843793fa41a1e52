import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { DnsProvider, ProviderServer, VpsProvider } from "@berth/cloud/provider";
import type { Isolation } from "@berth/contracts";
import { fail, reveal, secretOf } from "@berth/platform";
import type { HostAccess, HostInputs } from "@berth/provisioning";
import { atPoints, type FaultInjector } from "./call-points.ts";

/** What the fake provider knows of a server; one JSON file each, so that it outlives a killed process. */
export interface FakeServer {
  id: string;
  name: string;
  userData: string;
  /** How often somebody asked for it, and how often it was really made. */
  asked: number;
  hostKey: string;
  /** Set by the host plan. */
  tenantId: string | null;
  enrolmentToken: string | null;
  setUps: number;
  sshOpen: boolean;
}

export interface FakeServers {
  vps: VpsProvider;
  dns: DnsProvider;
  provision: ReturnType<typeof fakeProvisioning>;
  all: () => FakeServer[];
}

const isolation: Isolation = "process";

/** VPS provider, DNS and host plan in a folder: no machine, the same promises (idempotent by name, may be repeated). */
export function createFakeServers(options: { dir: string; inject?: FaultInjector }): FakeServers {
  const inject = options.inject ?? (() => {});
  const store = openStore(options.dir);
  return {
    vps: fakeVps(store, inject),
    dns: fakeDns(path.join(options.dir, "dns"), inject),
    provision: fakeProvisioning(store, inject),
    all: store.all,
  };
}

interface Store {
  dir: string;
  all: () => FakeServer[];
  write: (server: FakeServer) => void;
  find: (test: (server: FakeServer) => boolean) => FakeServer | null;
}

function openStore(dir: string): Store {
  const servers = path.join(dir, "servers");
  mkdirSync(servers, { recursive: true });
  const all = () =>
    readdirSync(servers)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(path.join(servers, file), "utf8")) as FakeServer); // written below
  return {
    dir: servers,
    all,
    find: (test) => all().find(test) ?? null,
    write(server) {
      const file = path.join(servers, `${server.id}.json`);
      writeFileSync(`${file}.new`, JSON.stringify(server));
      renameSync(`${file}.new`, file);
    },
  };
}

const idOf = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 12);

function fakeVps(store: Store, inject: FaultInjector): VpsProvider {
  const present = ({ id, name }: FakeServer): ProviderServer => ({
    id,
    name,
    status: "running",
    ipv4: "127.0.0.1",
    isolation,
    labels: {},
    access: { kind: "process", rootDir: path.join(store.dir, id) },
  });
  const viewOf = (server: FakeServer | null) => (server ? present(server) : null);
  const nothing = async () => {};
  return {
    name: "fake",
    capabilities: { canOrder: true, isolation },
    createServer: (spec) =>
      atPoints(inject, "createServer", () => {
        const known = store.find((server) => server.name === spec.name);
        const made: FakeServer = {
          id: idOf(spec.name),
          name: spec.name,
          userData: spec.userData,
          hostKey: spec.userData,
          tenantId: null,
          enrolmentToken: null,
          setUps: 0,
          sshOpen: true,
          asked: 0,
        };
        const server = known ?? made;
        store.write({ ...server, asked: server.asked + 1 });
        return present(server);
      }),
    getServer: async (id) => viewOf(store.find((server) => server.id === id)),
    findServerByName: async (name) => viewOf(store.find((server) => server.name === name)),
    listServers: async () => store.all().map(present),
    destroyServer: nothing,
    powerOn: nothing,
    powerOff: nothing,
    reboot: nothing,
  };
}

function fakeDns(dir: string, inject: FaultInjector): DnsProvider {
  mkdirSync(dir, { recursive: true });
  const fileOf = (name: string) => path.join(dir, name);
  return {
    upsertRecord: (record) => atPoints(inject, "upsertRecord", () => writeFileSync(fileOf(record.name), record.ipv4)),
    findRecord: (name) =>
      atPoints(inject, "findRecord", () =>
        existsSync(fileOf(name)) ? { name, ipv4: readFileSync(fileOf(name), "utf8") } : null,
      ),
    deleteRecord: async () => {},
  };
}

function fakeProvisioning(store: Store, inject: FaultInjector) {
  const serverAt = ({ access }: HostAccess): FakeServer => {
    const id = access.kind === "process" ? path.basename(access.rootDir) : "";
    return store.find((server) => server.id === id) ?? fail("unavailable", "The server does not answer.");
  };
  let keys = 0;
  const keyPair = () => {
    keys += 1;
    const publicKey = `ssh-ed25519 fake-${process.pid}-${keys}`;
    return { publicKey, privateKey: secretOf(`private half of ${publicKey}`) };
  };
  return {
    generateKeys: () => ({ hostKey: keyPair(), sshKey: keyPair() }),
    cloudInitUserData: (input: { hostKey: { publicKey: string } }) => input.hostKey.publicKey,
    isReachable: (access: HostAccess) =>
      atPoints(inject, "isReachable", () => {
        if (serverAt(access).hostKey !== access.hostPublicKey)
          fail("unauthenticated", "This is not the server we ordered.");
        return true;
      }),
    provisionServer: (input: HostAccess & { inputs: HostInputs }) =>
      atPoints(inject, "provisionServer", () => {
        const server = serverAt(input);
        if (!server.sshOpen) fail("unavailable", "The server does not answer.");
        const { tenantId, enrolmentToken } = input.inputs;
        store.write({ ...server, tenantId, enrolmentToken: reveal(enrolmentToken), setUps: server.setUps + 1 });
      }),
    finishProvisioning: (access: HostAccess) =>
      atPoints(inject, "finishProvisioning", () => store.write({ ...serverAt(access), sshOpen: false })),
  };
}
