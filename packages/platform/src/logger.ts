import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger } from "pino";

/** Field names whose values never reach a log. */
const hiddenFields = ["authorization", "cookie", "password", "token", "secret", "apiKey", "value", "privateKey"];
const censor = "[hidden]";

/** At the top level and two levels down. */
const hiddenDeep = [...hiddenFields, "url.password"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * JSON lines on stdout (or `destination`). Log ids, counts and codes; never bodies. `buffered` lines are written together,
 * ten times a second, off the thread that logs: for who logs every request. The last ones are lost to kill -9.
 */
export function createLogger(options: {
  service: string;
  level?: string;
  destination?: DestinationStream;
  buffered?: boolean;
}): Logger {
  const settings = {
    level: options.level ?? "info",
    base: { service: options.service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: hiddenDeep, censor },
  };
  const buffered = options.buffered ? { sync: false, minLength: 4096, periodicFlush: 100 } : null;
  const destination = options.destination ?? (buffered ? pino.destination(buffered) : null);
  return destination ? pino(settings, destination) : pino(settings);
}

/** The same log for lines whose fields hold no objects: what is hidden is looked for at the top only, which costs less. */
export const flatLogger = (log: Logger): Logger => log.child({}, { redact: { paths: hiddenFields, censor } });
