import { fail } from "@berth/platform";
import { type Sink, scanSinks } from "@berth/testkit";
import type { Stack } from "../stack/start-stack.ts";
import type { CustomerConsole } from "./customer-console.ts";

export const sinkNames = {
  llm: "LLM requests",
  database: "the Hub's database and job payloads",
  redis: "job payloads on Redis",
  hubLogs: "logs of the Hub",
  serverLogs: "logs on the server",
  journal: "journal of the server",
  openclaw: "OpenClaw's state and transcripts",
  memory: "memory of the gateway",
} as const;

/** Every place outside of the vault to which a secret could have come. */
export const sinksOf = (
  stack: Pick<Stack, "llmRequestLog" | "databaseUrl" | "redisUrl" | "logDir">,
  console: CustomerConsole,
): Sink[] => [
  { name: sinkNames.llm, kind: "files", roots: [stack.llmRequestLog] },
  { name: sinkNames.database, kind: "database", url: stack.databaseUrl },
  ...(stack.redisUrl ? [{ name: sinkNames.redis, kind: "redis", url: stack.redisUrl } as const] : []),
  { name: sinkNames.hubLogs, kind: "files", roots: [stack.logDir] },
  { name: sinkNames.serverLogs, kind: "files", roots: console.logFolders() },
  { name: sinkNames.journal, kind: "bytes", where: "journalctl", read: () => console.journal() },
  { name: sinkNames.openclaw, kind: "files", roots: console.stateFolders() },
  { name: sinkNames.memory, kind: "search", search: (needles) => console.searchGatewayMemory(needles) },
];

/** Sinks through which the walk's secret passed by its name: if that is not found there, a value would not be either. */
const namedIn: string[] = [sinkNames.llm, sinkNames.database, sinkNames.openclaw, sinkNames.memory];

/** "Found nowhere" means something only where the same look finds what is surely there. Throws if it does not. */
export async function requireNameInSinks(secretName: string, sinks: Sink[]): Promise<void> {
  const { findings } = await scanSinks(secretName, sinks);
  const missing = namedIn.filter((name) => findings.every(({ sink }) => sink !== name));
  if (missing.length > 0)
    fail("conflict", `The scanner does not even find the name "${secretName}" in: ${missing.join(", ")}.`);
}
