import { type ChildProcess, spawn } from "node:child_process";
import type { Socket as UdpSocket } from "node:dgram";
import type { Server, Socket } from "node:net";
import { AppError } from "@berth/platform";
import { infraPath } from "../infra-paths.ts";
import { namespacePath } from "../lab-paths.ts";

export interface LabAddress {
  /** The namespace in which the socket is made; the machine's own network never sees it. */
  namespace: string;
  address: string;
  port: number;
}

interface SocketKinds {
  "listen-tcp": Server;
  "listen-udp": UdpSocket;
  connect: Socket;
}

const reasonOf: Record<string, string> = {
  EADDRINUSE: "something listens there already",
  EADDRNOTAVAIL: "the lab does not have that address",
  ECONNREFUSED: "nothing listens there",
};

const timeoutMs = 10_000;

function startMaker(verb: keyof SocketKinds, where: LabAddress): ChildProcess {
  const script = [process.execPath, infraPath("lab/socket.mjs"), verb, where.address, String(where.port)];
  return spawn("nsenter", [`--net=${namespacePath(where.namespace)}`, "--", ...script], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

function socketInLab<K extends keyof SocketKinds>(verb: K, where: LabAddress): Promise<SocketKinds[K]> {
  return new Promise((resolve, reject) => {
    const maker = startMaker(verb, where);
    let said = "";
    maker.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const refuse = (reason: string) => {
      clearTimeout(timer);
      maker.kill("SIGKILL");
      const text = `Cannot ${verb === "connect" ? "connect to" : "listen on"} ${where.address} port ${where.port} in the lab`;
      reject(new AppError("unavailable", `${text}: ${reason}.`, { internal: said }));
    };
    const timer = setTimeout(() => refuse("no answer"), timeoutMs);
    maker.on("error", () => refuse("nsenter cannot be started"));
    maker.on("exit", () => refuse("is the lab up?"));
    maker.once("message", (message: { error?: string }, handle) => {
      if (message.error !== undefined) return refuse(reasonOf[message.error] ?? message.error);
      clearTimeout(timer);
      // socket.mjs sends the kind of socket that its verb stands for.
      resolve(handle as SocketKinds[K]);
    });
  });
}

export const listenInLab = (where: LabAddress): Promise<Server> => socketInLab("listen-tcp", where);
export const bindUdpInLab = (where: LabAddress): Promise<UdpSocket> => socketInLab("listen-udp", where);

/** A TCP connection made inside the lab. Throws `unavailable` if nothing answers within 10 s. */
export const connectInLab = (where: LabAddress): Promise<Socket> => socketInLab("connect", where);
