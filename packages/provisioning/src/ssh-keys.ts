import { generateKeyPairSync, randomBytes } from "node:crypto";
import { secretOf } from "@berth/platform";
import type { SshKeyPair } from "./host-inputs.ts";

const keyType = "ssh-ed25519";
const blockSize = 8;
const lineLength = 70;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** A string of the SSH protocol (RFC 4251 §5): its length, then its bytes. */
const sshString = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
};

/** An unencrypted private key in OpenSSH's own format (PROTOCOL.key in its sources), the only one sshd reads for ed25519. */
function opensshPrivateKey(input: { seed: Buffer; publicBytes: Buffer; publicBlob: Buffer; comment: string }): string {
  const { seed, publicBytes, publicBlob, comment } = input;
  const check = randomBytes(4);
  const fields = Buffer.concat([
    check,
    check,
    sshString(keyType),
    sshString(publicBytes),
    sshString(Buffer.concat([seed, publicBytes])),
    sshString(comment),
  ]);
  const padding = Buffer.from(Array.from({ length: -fields.length & (blockSize - 1) }, (_none, at) => at + 1));
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    sshString("none"),
    sshString("none"),
    sshString(""),
    uint32(1),
    sshString(publicBlob),
    sshString(Buffer.concat([fields, padding])),
  ]).toString("base64");
  const lines = body.match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/**
 * A new ed25519 pair in OpenSSH's formats. The private half exists in memory only; seal it before storing. Not made by ssh2:
 * its generator (1.17) cuts a public key that begins with a zero byte, one in 256, and no sshd starts with such a key.
 */
export function generateSshKeyPair(comment = "berth"): SshKeyPair {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const [seed, publicBytes] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
  const publicBlob = Buffer.concat([sshString(keyType), sshString(publicBytes)]);
  return {
    privateKey: secretOf(opensshPrivateKey({ seed, publicBytes, publicBlob, comment })),
    publicKey: `${keyType} ${publicBlob.toString("base64")} ${comment}`,
  };
}
