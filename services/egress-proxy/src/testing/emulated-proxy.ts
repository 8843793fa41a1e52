import { type LlmEmulator, startLlmEmulator } from "@berth/emulators";
import type { EgressProxyDeps } from "../start-egress-proxy.ts";
import { type ProxyUnderTest, startProxyUnderTest } from "./proxy-under-test.ts";

export const realKeys = {
  anthropicKey: "real-anthropic-key-4711",
  openaiKey: "real-openai-key-4712",
  googleKey: "real-google-key-4713",
};
export const secret = "s3cr3t/VALUE+of the vault";
export const reference = "SECRET_REF(db-password)";
export const secretBase64 = Buffer.from(secret).toString("base64");

export const upstreamsOf = ({ anthropicUrl, openaiUrl, googleUrl }: LlmEmulator) => ({
  anthropic: { baseUrl: anthropicUrl, apiKey: realKeys.anthropicKey },
  openai: { baseUrl: openaiUrl, apiKey: realKeys.openaiKey },
  google: { baseUrl: googleUrl, apiKey: realKeys.googleKey },
});

/** A proxy that knows `secret` as `db-password`, before an emulator of all providers. */
export async function startEmulatedProxy(
  deps: Partial<EgressProxyDeps> = {},
): Promise<{ emulator: LlmEmulator; tested: ProxyUnderTest; close(): Promise<void> }> {
  const emulator = await startLlmEmulator({ port: 0, ...realKeys });
  const secrets = [{ name: "db-password", value: secret }];
  const tested = await startProxyUnderTest({ upstreams: upstreamsOf(emulator), secrets }, deps);
  return {
    emulator,
    tested,
    close: async () => {
      await tested.close();
      await emulator.close();
    },
  };
}
