/** `berth-vault`: the vault from the machine's own console, through the agent's admin socket. */
import { parseArgs } from "node:util";
import { SecretBindings } from "@berth/contracts";
import { fail } from "@berth/platform";
import { Agent, request } from "undici";
import { z } from "zod";

const usage = `berth-vault [--socket PATH] COMMAND
  list                                     names, bindings and times; never a value
  set NAME [--tool T]... [--host H]... [--method M]...
                                           the value is read from standard input; every method if none is given
  remove NAME
  audit                                    who used which secret, when and for what
  verify                                   checks that no audit row was changed or removed
  status`;

const defaultSocket = "/run/berth/admin/agent.sock";

const Secrets = z.object({
  secrets: z.array(
    z.object({
      name: z.string(),
      version: z.int(),
      owner: z.string(),
      bindings: SecretBindings,
      lastUsedAt: z.string().nullable(),
    }),
  ),
});
const Audit = z.object({
  entries: z.array(z.object({ at: z.int(), action: z.string(), name: z.string(), purpose: z.string() })),
});
const Break = z.object({ brokenAt: z.int().nullable() });
const Removed = z.object({ removed: z.boolean() });
const Refusal = z.object({ detail: z.string() });

export interface VaultCliInput {
  argv: string[];
  /** Reads the value to be stored. */
  readValue: () => Promise<string>;
}

/** Text for standard output and the exit code. Throws with a public message if the agent refuses or is not there. */
export async function runVaultCli({ argv, readValue }: VaultCliInput): Promise<{ text: string; exitCode: number }> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      socket: { type: "string", default: defaultSocket },
      tool: { type: "string", multiple: true, default: [] },
      host: { type: "string", multiple: true, default: [] },
      method: { type: "string", multiple: true },
    },
  });
  const [command, name] = positionals;
  const call = createCall(values.socket);
  const done = (text: string) => ({ text, exitCode: 0 });
  const nameGiven = () => name ?? fail("invalid_input", `${command} needs the name of a secret.`);
  switch (command) {
    case "list": {
      const { secrets } = Secrets.parse(await call("GET", "/v1/secrets"));
      return done(secrets.map(describe).join("\n") || "(the vault is empty)");
    }
    case "set": {
      const methods = values.method?.map((method) => method.toUpperCase());
      const bindings = { tools: values.tool, hosts: values.host, methods };
      const value = (await readValue()).replace(/\r?\n$/, "");
      await call("PUT", "/v1/secrets", { name: nameGiven(), value, owner: "customer", bindings });
      return done(`stored ${name}`);
    }
    case "remove": {
      const { removed } = Removed.parse(await call("DELETE", `/v1/secrets/${encodeURIComponent(nameGiven())}`));
      return removed ? done(`removed ${name}`) : { text: `there is no secret named ${name}`, exitCode: 1 };
    }
    case "audit": {
      const { entries } = Audit.parse(await call("GET", "/v1/audit"));
      const lines = entries.map(
        (row) => `${new Date(row.at).toISOString()}  ${row.action}  ${row.name}  ${row.purpose}`,
      );
      return done(lines.join("\n") || "(nothing yet)");
    }
    case "verify": {
      const { brokenAt } = Break.parse(await call("GET", "/v1/audit/break"));
      return brokenAt === null ? done("the audit chain is whole") : { text: `broken at row ${brokenAt}`, exitCode: 2 };
    }
    case "status":
      return done(JSON.stringify(await call("GET", "/v1/status"), null, 2));
    default:
      return { text: usage, exitCode: command === undefined ? 0 : 64 };
  }
}

const describe = (secret: z.infer<typeof Secrets>["secrets"][number]): string =>
  [
    secret.name,
    `v${secret.version}`,
    secret.owner,
    `tools: ${secret.bindings.tools.join(",") || "none"}`,
    `hosts: ${secret.bindings.hosts.join(",") || "none"}`,
    `methods: ${secret.bindings.methods.join(",") || "none"}`,
    `last used: ${secret.lastUsedAt ?? "never"}`,
  ].join("  ");

function createCall(socketPath: string) {
  const dispatcher = new Agent({ connect: { socketPath }, pipelining: 0, keepAliveTimeout: 1 });
  return async (method: "GET" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> => {
    const response = await request(`http://agent${path}`, {
      method,
      dispatcher,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    }).catch((cause) => fail("unavailable", "The agent does not answer. Is it running, and are you root?", { cause }));
    const answer = await response.body.json();
    if (response.statusCode >= 400) fail("conflict", Refusal.parse(answer).detail);
    return answer;
  };
}

async function readStdin(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) text += chunk;
  return text;
}

if (import.meta.main) {
  try {
    const { text, exitCode } = await runVaultCli({ argv: process.argv.slice(2), readValue: readStdin });
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : "failed"}\n`);
    process.exitCode = 1;
  }
}
