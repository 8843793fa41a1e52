import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../stack/stack-options.ts";

/** What agents read all day: prose and source code, here this repository's own. */
function material(): string {
  const folders = ["docs", "packages/policy/src", "packages/core/src", "services/tenant-agent/src"];
  const texts = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && /\.(?:md|ts)$/.test(file.name))
      .map((file) => readFileSync(path.join(file.parentPath, file.name), "utf8")),
  );
  return texts.join("\n");
}

/** `count` different requests of `bytes` each: a system prompt and a conversation with tool results, in messages of 2 KB. */
export function chatBodies(bytes: number, count: number): string[] {
  const text = material();
  return Array.from({ length: count }, (_, index) => {
    let at = (index * 40_000) % (text.length - 2 * bytes);
    const take = (length: number): string => {
      at += length;
      return text.slice(at - length, at);
    };
    const messages: object[] = [{ role: "system", content: take(Math.min(2048, bytes >> 2)) }];
    const bodyOf = (more: object[]) =>
      JSON.stringify({ model: "gpt-x", max_tokens: 200, messages: [...messages, ...more] });
    for (let turn = 0; bodyOf([]).length < bytes - 3500; turn += 1) {
      const call = {
        id: `call_${turn}`,
        type: "function",
        function: { name: "file", arguments: `{"path":"a${turn}"}` },
      };
      messages.push(
        { role: "user", content: take(300) },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: `call_${turn}`, content: take(2048) },
      );
    }
    const rest = bytes - bodyOf([{ role: "user", content: "" }]).length;
    return bodyOf([{ role: "user", content: fill(take(2 * rest), rest) }]);
  });
}

/** The beginning of `text` that takes `bytes` characters as a JSON string. */
function fill(text: string, bytes: number): string {
  let length = Math.min(text.length, bytes);
  while (length > 0 && JSON.stringify(text.slice(0, length)).length - 2 > bytes) length -= 1;
  return text.slice(0, length);
}

/** Values as they are in a vault: tokens, keys in hex, passwords that a person chose. */
export const benchSecrets = (count: number): { name: string; value: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `secret-${index}`,
    value: [
      randomBytes(24).toString("base64url"),
      randomBytes(20).toString("hex"),
      `Correct-${index}-Horse!${randomBytes(4).toString("hex")}`,
    ][index % 3] as string,
  }));
