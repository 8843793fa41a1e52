import { randomBytes } from "node:crypto";
import { createRedactor } from "@berth/redaction";
import { pairedRounds, quantile, rounded } from "./measure.ts";

const secretCount = 2000;
const textBytes = 1024 * 1024;

/** Redacting 1 MB with 2,000 secrets, against copying the same text once: what every request pays. */
export async function benchRedaction(): Promise<Record<string, number>> {
  const secrets = Array.from({ length: secretCount }, (_, index) => ({
    name: `secret_${index}`,
    value: randomBytes(18).toString("base64url"),
  }));
  const started = performance.now();
  const redactor = createRedactor(secrets);
  const buildMs = performance.now() - started;
  const text = randomBytes((textBytes * 3) / 4).toString("base64");
  const copy = (): string => Buffer.from(text).toString("utf8");
  const { ours, baseline } = await pairedRounds(20, () => redactor.redactText(text), copy);
  return {
    secrets: secretCount,
    buildMs: rounded(buildMs),
    megabytesPerSecond: rounded(1000 / quantile(ours, 0.5)),
    timesSlowerThanCopy: rounded(quantile(ours, 0.5) / quantile(baseline, 0.5)),
  };
}
