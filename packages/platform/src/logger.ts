import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger } from "pino";

/** Field names whose values never reach a log, at the top level and one level down. */
const hidden = [
  "authorization",
  "cookie",
  "password",
  "token",
  "secret",
  "apiKey",
  "value",
  "privateKey",
  "url.password",
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** JSON lines on stdout (or `destination`). Log ids, counts and codes; never bodies. */
export function createLogger(options: { service: string; level?: string; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level ?? "info",
    base: { service: options.service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: hidden, censor: "[hidden]" },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}
