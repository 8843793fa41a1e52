import type { IncomingMessage } from "node:http";
import { AppError } from "./errors.ts";

const brokeOff = () => new AppError("invalid_input", "The body broke off.");

/** The whole body. Throws `payload_too_large` past `maxBytes`, without reading on. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  const tooLarge = () => new AppError("payload_too_large", `The body is larger than the ${maxBytes} bytes allowed.`);
  if (declared > maxBytes) throw tooLarge();
  if (request.destroyed) throw brokeOff();
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) return void chunks.push(chunk);
    // Destroying the request would take the connection, and with it the answer that says why.
    request.off("data", onData).pause();
    reject(tooLarge());
  };
  request.on("data", onData);
  request.once("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
  request.once("error", reject);
  // Comes after every request; an error that nobody will see is not made for it.
  request.once("close", () => {
    if (!request.readableEnded) reject(brokeOff());
  });
  return promise;
}
