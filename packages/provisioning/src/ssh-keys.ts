import { secretOf } from "@berth/platform";
import ssh2 from "ssh2";
import type { SshKeyPair } from "./host-inputs.ts";

/** A new ed25519 pair in OpenSSH's formats. The private half exists in memory only; seal it before storing. */
export function generateSshKeyPair(comment = "berth"): SshKeyPair {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return { privateKey: secretOf(pair.private), publicKey: pair.public.trim() };
}
