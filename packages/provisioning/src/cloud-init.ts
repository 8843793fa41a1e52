import { fail, reveal } from "@berth/platform";
import type { SshKeyPair } from "./host-inputs.ts";

const oneKeyLine = /^ssh-ed25519 [A-Za-z0-9+/=]+( [\x20-\x7e]*)?$/;

/**
 * The cloud-config of a new server: its host key is the one we made (so the first login needs no trust), root is reached
 * with the one-time key alone, and no password exists. JSON, which is YAML, so no value can break out of its quotes.
 * The result holds the host's private key: treat it as a secret.
 */
export function cloudInitUserData(input: { hostKey: SshKeyPair; authorizedKey: string }): string {
  for (const key of [input.authorizedKey, input.hostKey.publicKey]) {
    if (!oneKeyLine.test(key)) fail("invalid_input", "An ed25519 public key in OpenSSH's one-line format is needed.");
  }
  const config = {
    ssh_pwauth: false,
    disable_root: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: reveal(input.hostKey.privateKey), ed25519_public: input.hostKey.publicKey },
    users: [{ name: "root", lock_passwd: true, ssh_authorized_keys: [input.authorizedKey] }],
  };
  return `#cloud-config\n${JSON.stringify(config, null, 2)}\n`;
}
