import { createHmac, randomBytes } from "node:crypto";
import type { Turn } from "./turn.ts";

/** No secret: it only has to tell whether a thought came back as this emulator wrote it, like a provider's own key. */
const sealKey = "berth-llm-emulator";
const macOf = (text: string): Buffer => createHmac("sha256", sealKey).update(text).digest();

/** The model's thought, or null where the request did not switch thinking on. */
export const thoughtOf = (turn: Turn, thinks: boolean): string | null => {
  if (!thinks) return null;
  return turn.thinking ?? ("tool" in turn ? `The tool ${turn.tool} will do this.` : "This can be answered at once.");
};

/** A signature over a visible thought, as Anthropic's `signature`: base64. */
export const signatureOf = (thought: string): string => macOf(thought).toString("base64");

/** An opaque thought, as Anthropic's `redacted_thinking`, OpenAI's `encrypted_content`, Google's `thoughtSignature`. */
export function sealedThought(): string {
  const nonce = randomBytes(24);
  return Buffer.concat([nonce, macOf(nonce.toString("hex"))]).toString("base64");
}

/** False for an opaque thought with a single changed character: a provider refuses those. */
export function isSealedThought(sealed: string): boolean {
  const bytes = Buffer.from(sealed, "base64");
  const nonce = bytes.subarray(0, 24);
  return bytes.toString("base64") === sealed && macOf(nonce.toString("hex")).equals(bytes.subarray(24));
}
