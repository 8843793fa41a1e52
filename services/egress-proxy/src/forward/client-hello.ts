/** What the first bytes of a TLS connection say about the server that the client wants (RFC 8446 §4.1.2, RFC 6066 §3). */
export type ClientHello =
  | { state: "incomplete" }
  | { state: "invalid" }
  | { state: "complete"; serverName: string | null };

const handshakeRecord = 22;
const clientHelloType = 1;
const serverNameExtension = 0;

/** The handshake message out of its records, which may cut it anywhere; null if the bytes are no handshake. */
function handshakeOf(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    if (bytes[at] !== handshakeRecord || bytes[at + 1] !== 3) return null;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > 16_384 + 256) return null;
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return Buffer.concat(parts);
}

function serverNameIn(extension: Buffer): string | null {
  const listEnd = 2 + extension.readUInt16BE(0);
  for (let at = 2; at < listEnd; ) {
    const length = extension.readUInt16BE(at + 1);
    if (extension[at] === 0)
      return extension
        .subarray(at + 3, at + 3 + length)
        .toString("latin1")
        .toLowerCase();
    at += 3 + length;
  }
  return null;
}

/** Throws `RangeError` where a length points past the end. */
function serverNameOf(hello: Buffer): string | null {
  let at = 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  if (at === hello.length) return null;
  const end = at + 2 + hello.readUInt16BE(at);
  for (at += 2; at < end; ) {
    const length = hello.readUInt16BE(at + 2);
    if (hello.readUInt16BE(at) === serverNameExtension) return serverNameIn(hello.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
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
    return { state: "complete", serverName: serverNameOf(handshake.subarray(4, 4 + length)) };
  } catch {
    return { state: "invalid" };
  }
}
