// Makes a socket in the network namespace that this process was started in (nsenter --net=... node socket.mjs) and hands
// it to the parent over IPC: a socket stays in the namespace it was made in, whoever holds it.
// argv: listen-tcp|listen-udp|connect ADDRESS PORT
import { createSocket } from "node:dgram";
import { createServer, Socket } from "node:net";

const [verb, address, portText] = process.argv.slice(2);
const port = Number(portText);
const refuse = (error) => process.send({ error: error.code ?? String(error) }, () => process.exit(1));
const hand = (socket) => process.send({ ok: true }, socket, () => process.exit(0));

if (verb === "listen-udp") {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.once("error", refuse);
  socket.bind(port, address, () => hand(socket));
} else if (verb === "listen-tcp") {
  const server = createServer();
  server.once("error", refuse);
  server.listen(port, address, () => hand(server));
} else {
  const socket = new Socket();
  socket.once("error", refuse);
  // What the peer says first belongs to the parent: not a byte may be read here.
  socket.pause();
  socket.connect(port, address, () => hand(socket));
}
