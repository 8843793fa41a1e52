import { chmodSync, existsSync, mkdirSync, unlinkSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { appErrorOf, fail, type Ids, type Logger, parseOrFail, problemOf, readBody } from "@berth/platform";
import { z } from "zod";

export interface Route<I> {
  input: z.ZodType<I>;
  /** `segment`: what stands for `*` at the end of the route's path. */
  run: (input: I, segment: string) => unknown;
}
/** Takes over the response, for a stream. */
export type StreamRoute = (request: IncomingMessage, response: ServerResponse) => void;

/** Ties a schema to its handler; the table of a server then needs no more types. */
export const route = <I>(input: z.ZodType<I>, run: Route<I>["run"]) => ({
  handle: (body: unknown, segment: string) => run(parseOrFail(input, body, "request body"), segment),
});
export type AnyRoute = ReturnType<typeof route>;
export const noBody = z.unknown();

export interface ServeSocketInput {
  path: string;
  mode: number;
  maxBodyBytes: number;
  routes: Record<string, AnyRoute>;
  streams?: Record<string, StreamRoute>;
  ids: Ids;
  log: Logger;
}

export interface SocketServer {
  close(): Promise<void>;
}

/** A socket file that nobody answers on was left by an agent that died; one that is answered belongs to another agent. */
async function clearStaleSocket(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.on("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
  if (answered) fail("conflict", `Another agent is listening on ${path}.`);
  unlinkSync(path);
}

/** HTTP/1.1 with JSON over a unix socket; who may connect is decided by the file's mode and folder. */
export async function serveSocket(input: ServeSocketInput): Promise<SocketServer> {
  const { path, mode, log } = input;
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  await clearStaleSocket(path);
  const server = createServer((request, response) => {
    const stream = input.streams?.[`${request.method} ${request.url}`];
    if (stream) return stream(request, response);
    answer(input, request)
      .then(({ status, body }) => reply(response, status, body))
      .catch((error) => {
        log.error({ err: error }, "local API");
        response.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  // Until here only its owner could write to it, and connecting is writing.
  chmodSync(path, mode);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(input: ServeSocketInput, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  try {
    const { handle, segment } = find(input.routes, `${request.method} ${request.url}`);
    const text = (await readBody(request, input.maxBodyBytes)).toString("utf8");
    return { status: 200, body: (await handle(text === "" ? undefined : jsonOf(text), segment)) ?? {} };
  } catch (thrown) {
    const error = appErrorOf(thrown);
    const requestId = input.ids.next("req");
    if (error.code === "internal") input.log.error({ err: error, requestId, path: request.url }, "local API");
    return problemOf(error, requestId);
  }
}

function find(routes: Record<string, AnyRoute>, line: string): AnyRoute & { segment: string } {
  const exact = routes[line];
  if (exact) return { ...exact, segment: "" };
  const slash = line.lastIndexOf("/");
  const pattern = routes[`${line.slice(0, slash)}/*`];
  if (!pattern) return fail("not_found", "There is nothing here.");
  return { ...pattern, segment: decodeURIComponent(line.slice(slash + 1)) };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const type = status < 400 ? "application/json" : "application/problem+json";
  // After an error the rest of a body may still be on its way.
  if (status >= 400) response.setHeader("connection", "close");
  response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail("invalid_input", "The request body is not JSON.");
  }
}
