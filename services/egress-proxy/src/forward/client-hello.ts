/** What the first bytes of a TLS connection say about the server that the client wants (RFC 8446 §4.1.2, RFC 6066 §3). */
export type ClientHello =
  | { state: "incomplete" }
  | { state: "invalid" }
  | { state: "complete"; serverName: string | null; hidesName: boolean };

const handshakeRecord = 22;
const clientHelloType = 1;
const serverNameExtension = 0;
/** Encrypted Client Hello (RFC 9849) and its predecessor ESNI: the real name is inside, the one outside is a front's. */
const hidingExtensions = new Set([0xfe0d, 0xffce]);

/** The handshake message out of its records, which may cut it anywhere; null if the bytes are no handshake. */
function handshakeOf(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  let size = 0;
  let needed = Number.POSITIVE_INFINITY;
  // What follows a whole greeting (early data) is not looked at.
  for (let at = 0; at + 5 <= bytes.length && size < needed; ) {
    if (bytes[at] !== handshakeRecord || bytes[at + 1] !== 3) return null;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > 16_384 + 256) return null;
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    size += part.length;
    if (needed === Number.POSITIVE_INFINITY && size >= 4) needed = 4 + Buffer.concat(parts).readUIntBE(1, 3);
    at += 5 + length;
  }
  return Buffer.concat(parts);
}

/** Throws `RangeError` where a length points past the end, and where there is not exactly one host name. */
function serverNameIn(extension: Buffer): string {
  const listEnd = 2 + extension.readUInt16BE(0);
  const length = extension.readUInt16BE(3);
  // RFC 6066: one name of each type, and this is the only type. Two would let client and server read different ones.
  if (extension[2] !== 0 || listEnd !== extension.length || 5 + length !== listEnd) throw new RangeError("server name");
  return extension
    .subarray(5, 5 + length)
    .toString("latin1")
    .toLowerCase();
}

/** Throws `RangeError` where a length points past the end or an extension comes twice. */
function extensionsOf(hello: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  if (at === hello.length) return found;
  const end = at + 2 + hello.readUInt16BE(at);
  if (end !== hello.length) throw new RangeError("extensions");
  for (at += 2; at < end; ) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    if (found.has(type) || at + 4 + length > end) throw new RangeError("extension");
    found.set(type, hello.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

/** Reads as much as there is; call again with more while `incomplete`. */
export function readClientHello(bytes: Buffer): ClientHello {
  const first = bytes[0];
  if (first !== undefined && first !== handshakeRecord) return { state: "invalid" };
  const handshake = handshakeOf(bytes);
  if (!handshake) return { state: "invalid" };
  if (handshake.length < 4) return { state: "incomplete" };
  if (handshake[0] !== clientHelloType) return { state: "invalid" };
  const length = handshake.readUIntBE(1, 3);
  if (handshake.length < 4 + length) return { state: "incomplete" };
  try {
    const extensions = extensionsOf(handshake.subarray(4, 4 + length));
    const name = extensions.get(serverNameExtension);
    return {
      state: "complete",
      serverName: name ? serverNameIn(name) : null,
      hidesName: [...extensions.keys()].some((type) => hidingExtensions.has(type)),
    };
  } catch {
    return { state: "invalid" };
  }
}
