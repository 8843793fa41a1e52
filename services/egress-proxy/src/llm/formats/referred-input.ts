import { isHolder, isJson, type Json, listOf } from "../json.ts";

/** Parts of a message that cost more tokens than they have bytes in the request, because only their address is in it. */
const byType: Record<string, number> = {
  image: 10_000,
  image_url: 10_000,
  input_image: 10_000,
  document: 500_000,
  file: 500_000,
  input_file: 500_000,
  input_audio: 100_000,
};
/** What a model can read at most; for conversations and caches that the provider keeps. */
export const wholeWindow = 2_000_000;
/** What one tool that the provider runs by itself may add to the prompt. */
const hostedTool = 500_000;

/** Sum over all parts below `value`, by their `type`. */
export function referredByType(value: unknown): number {
  if (!isHolder(value)) return 0;
  const parts = Array.isArray(value) ? value : Object.values(value);
  const own = isJson(value) && typeof value.type === "string" ? (byType[value.type] ?? 0) : 0;
  return parts.reduce((sum: number, part) => sum + referredByType(part), own);
}

export const hostedTools = (tools: unknown, isHosted: (tool: Json) => boolean): number =>
  listOf(tools).filter(isHosted).length * hostedTool;
