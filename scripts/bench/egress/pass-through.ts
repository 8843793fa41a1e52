/** The least that a proxy can do with node:http: reads the body, sends it on over kept connections, streams the answer back. */
import { Agent, createServer, request as send } from "node:http";

const [port, upstreamPort] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const call = send(
      {
        host: "127.0.0.1",
        port: upstreamPort,
        path: request.url,
        method: request.method,
        headers: { ...headers, "content-length": body.length },
        agent,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    call.on("error", () => response.destroy());
    call.end(body);
  });
});
server.listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
