import { once } from "node:events";
import { createServer } from "node:net";
import { connect as connectTls } from "node:tls";

/** A real client's greeting, as it is on the wire: one record. */
export async function realHello(servername: string): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const [[socket]] = await Promise.all([once(server, "connection"), greet(port, servername)]);
  const [bytes] = await once(socket, "data");
  socket.destroy();
  server.close();
  return bytes;
}

async function greet(port: number, servername: string): Promise<void> {
  const client = connectTls({ host: "127.0.0.1", port, servername });
  client.on("error", () => {});
}

/** The handshake message cut into records of `size` bytes each. */
export function inRecords(hello: Buffer, size: number): Buffer {
  const records: Buffer[] = [];
  for (let at = 5; at < hello.length; at += size) {
    const part = hello.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat(records);
}

/** A greeting built by hand (RFC 8446 §4.1.2) with just these extensions. */
export function handMadeHello(extensions: [type: number, body: Buffer][]): Buffer {
  const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
  const list = Buffer.concat(extensions.flatMap(([type, body]) => [u16(type), u16(body.length), body]));
  const suites = Buffer.from([0x13, 0x01]);
  const parts = [u16(0x0303), Buffer.alloc(32, 7), Buffer.from([0]), u16(suites.length), suites, Buffer.from([1, 0])];
  const hello = Buffer.concat([...parts, u16(list.length), list]);
  const message = Buffer.concat([Buffer.from([1, 0]), u16(hello.length), hello]);
  return Buffer.concat([Buffer.from([22, 3, 1]), u16(message.length), message]);
}

/** The body of a server_name extension (RFC 6066 §3) with these entries. */
export function serverNames(...names: string[]): Buffer {
  const entries = names.map((name) => Buffer.concat([Buffer.from([0, 0, name.length]), Buffer.from(name)]));
  const list = Buffer.concat(entries);
  return Buffer.concat([Buffer.from([list.length >> 8, list.length & 0xff]), list]);
}
