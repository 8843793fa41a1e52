import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { reveal } from "@berth/platform";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import type { SshKeyPair } from "./host-inputs.ts";
import { generateSshKeyPair } from "./ssh-keys.ts";

const publicBytes = ({ publicKey }: SshKeyPair): Buffer =>
  Buffer.from(publicKey.split(" ")[1] ?? "", "base64").subarray(4 + "ssh-ed25519".length + 4);

function pairWhere(fits: (publicKey: Buffer) => boolean): SshKeyPair {
  for (;;) {
    const pair = generateSshKeyPair("a-comment");
    if (fits(publicBytes(pair))) return pair;
  }
}

test.each([
  ["an ordinary public key", (bytes: Buffer) => bytes[0] !== 0],
  ["a public key that begins with a zero byte", (bytes: Buffer) => bytes[0] === 0],
  ["a public key that ends with a zero byte", (bytes: Buffer) => bytes[31] === 0],
])("a pair with %s has its whole length, and its halves belong together", (_what, fits) => {
  const pair = pairWhere(fits);
  expect(publicBytes(pair)).toHaveLength(32);
  const parsed = ssh2.utils.parseKey(reveal(pair.privateKey));
  if (parsed instanceof Error) throw parsed;
  expect(parsed.getPublicSSH().toString("base64")).toBe(pair.publicKey.split(" ")[1]);
  const message = Buffer.from("signed by it");
  expect(parsed.verify(message, parsed.sign(message))).toBe(true);
});

const hasSshKeygen = (() => {
  try {
    execFileSync("ssh-keygen", ["-?"], { stdio: "ignore" });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
})();

test.skipIf(!hasSshKeygen)("OpenSSH itself reads the private half, and derives the public one from it", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "berth-ssh-key-"));
  try {
    for (const first of [0, 1]) {
      const pair = pairWhere((bytes) => (bytes[0] === 0) === (first === 0));
      const file = path.join(dir, `key-${first}`);
      writeFileSync(file, reveal(pair.privateKey), { mode: 0o600 });
      expect(execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim()).toBe(pair.publicKey);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
