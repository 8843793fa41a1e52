import { createServer } from "node:http";
import type { Server, Socket } from "node:net";
import { type Lab, labAddresses, labOf } from "../lab-paths.ts";
import type { LabHandle } from "./expose-to-servers.ts";
import { bindUdpInLab, type LabAddress, listenInLab } from "./lab-sockets.ts";

export interface LabListener {
  host: string;
  port: number;
  /** Connections (UDP: packets) that arrived so far. */
  hits(): number;
}

export interface LabListeners extends LabHandle {
  /** An arbitrary TCP service on the fake internet; it sends `lab-tcp\n` and closes. */
  tcp: LabListener;
  /** A DNS resolver (UDP) that answers every A question with 203.0.113.10. */
  dns: LabListener;
  /** The TCP service over IPv6. */
  ipv6: LabListener;
  /** A cloud's metadata service: HTTP, answers `lab-metadata` on every path. */
  metadata: LabListener;
}

type Opened = { listener: LabListener; close: () => void };

const tcpPort = 4444;

async function openTcp(where: LabAddress, onSocket: (socket: Socket) => void): Promise<Opened> {
  const server: Server = await listenInLab(where);
  let hits = 0;
  server.on("connection", (socket: Socket) => {
    hits += 1;
    socket.on("error", () => {});
    onSocket(socket);
  });
  return {
    listener: { host: where.address, port: where.port, hits: () => hits },
    close: () => server.close(),
  };
}

/** The question back with one answer: an A record (compressed name, 60 s) of the relay's address. */
function dnsAnswer(question: Buffer): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  const end = head.indexOf(0, 12) + 5;
  const address = labAddresses.hub.split(".").map(Number);
  return Buffer.concat([head.subarray(0, end), Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address])]);
}

async function openDns(lab: Lab): Promise<Opened> {
  const where = { namespace: lab.internetNamespace, address: labAddresses.outsider, port: 53 };
  const socket = await bindUdpInLab(where);
  let hits = 0;
  socket.on("message", (question, from) => {
    hits += 1;
    if (question.length > 16) socket.send(dnsAnswer(question), from.port, from.address);
  });
  return { listener: { host: where.address, port: where.port, hits: () => hits }, close: () => socket.close() };
}

/**
 * Things for a policy to refuse, for tests: a refusal proves something only where the same call connects without the
 * policy, and the lab has no IPv6 service, resolver or metadata service of its own. One at a time per lab, which must be up.
 */
export async function startLabListeners(options: { labDir: string }): Promise<LabListeners> {
  const lab = labOf(options.labDir);
  const hello = (socket: Socket) => void socket.end("lab-tcp\n");
  const web = createServer((_request, response) => response.end("lab-metadata\n"));
  const opened: Opened[] = [];
  const add = async (opening: Promise<Opened>): Promise<LabListener> => {
    const one = await opening;
    opened.push(one);
    return one.listener;
  };
  const close = async () => {
    for (const one of opened) one.close();
  };
  const internet = { namespace: lab.internetNamespace, port: tcpPort };
  const metadataAt = { namespace: lab.labNamespace, address: labAddresses.metadata, port: 80 };
  try {
    const tcp = await add(openTcp({ ...internet, address: labAddresses.outsider }, hello));
    const ipv6 = await add(openTcp({ ...internet, address: labAddresses.outsider6 }, hello));
    const metadata = await add(openTcp(metadataAt, (socket) => void web.emit("connection", socket)));
    const dns = await add(openDns(lab));
    return { tcp, dns, ipv6, metadata, close };
  } catch (error) {
    await close();
    throw error;
  }
}
