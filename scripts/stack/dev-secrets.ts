import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exportSigningKey, generateSigningKey, parseOrFail, randomToken } from "@berth/platform";
import { z } from "zod";

const DevSecrets = z.object({
  betterAuthSecret: z.string(),
  stripeSecretKey: z.string(),
  stripeWebhookSecret: z.string(),
  anthropicKey: z.string(),
  openaiKey: z.string(),
  googleKey: z.string(),
  staffPassword: z.string(),
});
export type DevSecrets = z.infer<typeof DevSecrets>;

const freshSecrets = (): DevSecrets => ({
  betterAuthSecret: randomToken(),
  stripeSecretKey: `sk_test_${randomBytes(24).toString("hex")}`,
  stripeWebhookSecret: `whsec_${randomBytes(24).toString("hex")}`,
  anthropicKey: `sk-ant-emulated-${randomToken(24)}`,
  openaiKey: `sk-emulated-${randomToken(24)}`,
  googleKey: `google-emulated-${randomToken(24)}`,
  staffPassword: randomToken(12),
});

/** Secrets of one development installation, made once and kept readable by their owner only. */
export function loadDevSecrets(dataDir: string): DevSecrets & { signingKeyFile: string; sealKeyFile: string } {
  mkdirSync(path.join(dataDir, "keys"), { recursive: true, mode: 0o700 });
  const keep = (name: string, make: () => string): string => {
    const file = path.join(dataDir, "keys", name);
    if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
    return file;
  };
  const file = keep("secrets.json", () => "{}");
  // What an older version did not know is added, so that its data can be used on.
  const secrets = { ...freshSecrets(), ...JSON.parse(readFileSync(file, "utf8")) };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return {
    ...parseOrFail(DevSecrets, secrets, file),
    signingKeyFile: keep("hub-signing-key.pem", () => exportSigningKey(generateSigningKey().privateKey)),
    sealKeyFile: keep("hub-seal-key", () => randomBytes(32).toString("base64url")),
  };
}
