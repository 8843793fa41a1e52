import { SecretBindings } from "@berth/contracts";
import { fail, isoOf, randomToken } from "@berth/platform";
import { z } from "zod";
import { argument, type CliOptions, type Command, done } from "./command.ts";

const Secret = z.object({
  name: z.string(),
  version: z.int(),
  owner: z.string(),
  bindings: SecretBindings,
  createdAt: z.string(),
  rotatedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
const Secrets = z.object({ secrets: z.array(Secret) });
const Removed = z.object({ removed: z.boolean() });
const Audit = z.object({
  entries: z.array(
    z.object({
      seq: z.int(),
      at: z.int(),
      action: z.string(),
      name: z.string(),
      version: z.int(),
      purpose: z.string(),
    }),
  ),
});

const pathOf = (kind: string, name: string) => `/v1/${kind}/${encodeURIComponent(name)}`;

function bindingsGiven({ tool, host, method, nowhere }: CliOptions) {
  const given = { tools: tool, hosts: host, methods: method?.map((name) => name.toUpperCase()) };
  if (!nowhere) return given;
  if (tool || host || method)
    fail("invalid_input", "--nowhere stands alone: it takes every tool, host and method away.");
  return { tools: [], hosts: [], methods: [] };
}

const whereOf = ({ tools, hosts, methods }: SecretBindings): string[] => [
  `tools: ${tools.join(",") || "none"}`,
  `hosts: ${hosts.join(",") || "none"}`,
  `methods: ${methods.join(",") || "none"}`,
];

const describe = (secret: z.infer<typeof Secret>): string =>
  [
    secret.name,
    `v${secret.version}`,
    secret.owner,
    ...whereOf(secret.bindings),
    `made: ${secret.createdAt}`,
    `rotated: ${secret.rotatedAt ?? "never"}`,
    `last used: ${secret.lastUsedAt ?? "never"}`,
  ].join("  ");

export const secretCommands = {
  list: {
    usage: "",
    help: "names, owners, bindings and times; never a value",
    args: 0,
    async run({ call }) {
      const { secrets } = await call(Secrets, "GET", "/v1/secrets");
      return done(secrets.map(describe).join("\n") || "(the vault is empty)");
    },
  },
  set: {
    usage: "NAME [--tool T]... [--host H]... [--method M]... [--generate]",
    help: `stores a secret; the value is read from standard input, or made at random with --generate.
      A new one may be used by the tools and hosts given, with every method unless some are given.
      One that is there gets the new value and keeps what is not given anew.`,
    args: 1,
    options: ["tool", "host", "method", "nowhere", "generate"],
    async run({ args, options, call, readSecret }) {
      const name = argument(args, "The name of the secret");
      const bindings = bindingsGiven(options);
      const owner = options.generate ? "generated" : "customer";
      const value = options.generate ? randomToken() : await readSecret(`Value of ${name}`);
      const stored = await call(Secret, "PUT", "/v1/secrets", { name, value, owner, bindings });
      return done(`stored ${name}, version ${stored.version}; ${whereOf(stored.bindings).join("; ")}`);
    },
  },
  rotate: {
    usage: "NAME [--generate]",
    help: `gives a secret that is there a new value, from standard input. The former one goes on being redacted.`,
    args: 1,
    options: ["generate"],
    async run({ args, options, call, readSecret }) {
      const name = argument(args, "The name of the secret");
      const value = options.generate ? randomToken() : await readSecret(`New value of ${name}`);
      const { version } = await call(Secret, "PUT", pathOf("values", name), { value });
      return done(`rotated ${name}, now version ${version}`);
    },
  },
  bind: {
    usage: "NAME [--tool T]... [--host H]... [--method M]... | NAME --nowhere",
    help: `replaces where a secret may be used. A list that is not given stays; --nowhere empties all three.`,
    args: 1,
    options: ["tool", "host", "method", "nowhere"],
    async run({ args, options, call }) {
      const name = argument(args, "The name of the secret");
      const given = bindingsGiven(options);
      if (!given.tools && !given.hosts && !given.methods) {
        fail("invalid_input", "Say where: --tool, --host or --method, or --nowhere.");
      }
      const { bindings } = await call(Secret, "PUT", pathOf("bindings", name), given);
      return done(`bound ${name}; ${whereOf(bindings).join("; ")}`);
    },
  },
  remove: {
    usage: "NAME",
    help: "takes a secret and its former values out of the vault. They are not redacted any more.",
    args: 1,
    async run({ args, call }) {
      const name = argument(args, "The name of the secret");
      const { removed } = await call(Removed, "DELETE", pathOf("secrets", name));
      return removed ? done(`removed ${name}`) : { text: `there is no secret named ${name}`, exitCode: 1 };
    },
  },
  audit: {
    usage: "",
    help: "who used which secret, when and for what",
    args: 0,
    async run({ call }) {
      const { entries } = await call(Audit, "GET", "/v1/audit");
      const lines = entries.map(
        ({ seq, at, action, name, version, purpose }) =>
          `${seq}  ${isoOf(at)}  ${action}  ${name}  v${version}  ${purpose}`,
      );
      return done(lines.join("\n") || "(nothing yet)");
    },
  },
} satisfies Record<string, Command>;
