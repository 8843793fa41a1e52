/** Starts the emulators named on the command line (all without one): `node src/main.ts stripe mail llm`. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createLogger, fail, parseEnv } from "@berth/platform";
import { z } from "zod";
import { startLlmEmulator, startMailEmulator, startStripeEmulator } from "./index.ts";

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const env = parseEnv(
  z.object({
    /** Where to listen; another address than loopback only inside a container. */
    EMULATOR_HOST: z.string().default("127.0.0.1"),
    STRIPE_EMULATOR_PORT: port(3003),
    MAIL_INBOX_PORT: port(3004),
    SMTP_PORT: port(3005),
    LLM_EMULATOR_PORT: port(3006),
    /** Folder that keeps what the emulators know; nothing is kept without it. */
    EMULATOR_DATA_DIR: z.string().optional(),
    STRIPE_SECRET_KEY: z.string().startsWith("sk_test_").default("sk_test_berth_emulator"),
    STRIPE_WEBHOOK_URL: z.url().optional(),
    STRIPE_WEBHOOK_SECRET: z.string().min(1).default("whsec_berth_emulator"),
    LLM_ANTHROPIC_KEY: z.string().min(1).default("sk-ant-emulator"),
    LLM_OPENAI_KEY: z.string().min(1).default("sk-emulator"),
    LLM_GOOGLE_KEY: z.string().min(1).default("google-emulator"),
    LLM_REQUEST_LOG: z.string().optional(),
    LLM_PIECE_DELAY_MS: z.coerce.number().int().min(0).default(0),
  }),
);

const log = createLogger({ service: "emulators" });
const dataDir = env.EMULATOR_DATA_DIR;
if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
const fileIn = (name: string) => (dataDir ? { file: join(dataDir, name) } : {});

const starters = {
  stripe: () =>
    startStripeEmulator({
      host: env.EMULATOR_HOST,
      port: env.STRIPE_EMULATOR_PORT,
      secretKey: env.STRIPE_SECRET_KEY,
      ...(env.STRIPE_WEBHOOK_URL
        ? { webhook: { url: env.STRIPE_WEBHOOK_URL, secret: env.STRIPE_WEBHOOK_SECRET } }
        : {}),
      ...fileIn("stripe.db"),
    }),
  mail: () =>
    startMailEmulator({
      host: env.EMULATOR_HOST,
      port: env.MAIL_INBOX_PORT,
      smtpPort: env.SMTP_PORT,
      ...fileIn("mail.jsonl"),
    }),
  llm: () =>
    startLlmEmulator({
      host: env.EMULATOR_HOST,
      port: env.LLM_EMULATOR_PORT,
      anthropicKey: env.LLM_ANTHROPIC_KEY,
      openaiKey: env.LLM_OPENAI_KEY,
      googleKey: env.LLM_GOOGLE_KEY,
      pieceDelayMs: env.LLM_PIECE_DELAY_MS,
      ...(env.LLM_REQUEST_LOG ? { logFile: env.LLM_REQUEST_LOG } : {}),
    }),
};
type Name = keyof typeof starters;
const isName = (name: string): name is Name => Object.hasOwn(starters, name);

function namesOf(argv: readonly string[]): Name[] {
  const unknown = argv.find((name) => !isName(name));
  if (unknown) fail("invalid_input", `There is no emulator "${unknown}". Known: ${Object.keys(starters).join(", ")}.`);
  const names = argv.length > 0 ? argv : Object.keys(starters);
  return names.filter(isName);
}

const running: { close(): Promise<void> }[] = [];
for (const name of namesOf(process.argv.slice(2))) {
  const emulator = await starters[name]();
  running.push(emulator);
  log.info({ emulator: name, url: emulator.url }, "listening");
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await Promise.all(running.map((emulator) => emulator.close()));
    process.exit(0);
  });
}
