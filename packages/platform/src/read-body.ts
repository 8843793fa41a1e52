import type { IncomingMessage } from "node:http";
import { fail } from "./errors.ts";

/** The whole body. Throws `payload_too_large` past `maxBytes`, without reading on. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  const tooLarge = () => fail("payload_too_large", `The body is larger than the ${maxBytes} bytes allowed.`);
  if (declared > maxBytes) tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying the request on the way out would take the connection, and with it the answer that says why.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBytes) tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
