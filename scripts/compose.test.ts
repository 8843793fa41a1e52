import { readFileSync } from "node:fs";
import path from "node:path";
import { HubSettings } from "@berth/core";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { HubApiSettings } from "../apps/hub/src/api/hub-settings.ts";
import { WorkerSettings } from "../services/worker/src/settings.ts";

const Compose = z.object({
  services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.string()).optional() })),
});

const file = path.resolve(import.meta.dirname, "../docker-compose.yml");
const { services } = Compose.parse(parse(readFileSync(file, "utf8"), { merge: true }));

/** The environment as Compose would give it: `${NAME:-default}` becomes the default. */
const environmentOf = (service: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(services[service]?.environment ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1"),
    ]),
  );

test.each([
  ["hub", HubApiSettings],
  ["worker", WorkerSettings],
  ["setup", HubSettings],
] as const)("docker compose gives %s every setting that it parses at its start", (service, schema) => {
  const atRunTime = service === "worker" ? { TENANT_ARTEFACT_DIR: "dist/tenant/0" } : {};
  const parsed = schema.safeParse({ ...environmentOf(service), ...atRunTime });
  expect(parsed.error?.issues ?? []).toEqual([]);
});
