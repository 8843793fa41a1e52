import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres/start-postgres.ts";
import { createTemplate } from "./postgres/test-database.ts";
import { startRedis } from "./redis/start-redis.ts";

export interface TestServers {
  /** Server that test databases are made on; `createTestDatabase(inject("postgresUrl"))`. */
  postgresUrl: string;
  /** null where the machine has no Redis. */
  redisUrl: string | null;
}

declare module "vitest" {
  export interface ProvidedContext extends TestServers {}
}

interface Running {
  url: string;
  stop(): Promise<unknown>;
}

async function startContainers(): Promise<{ postgres: Running; redis: Running }> {
  const { PostgreSqlContainer } = await import("@testcontainers/postgresql");
  const { RedisContainer } = await import("@testcontainers/redis");
  const [postgres, redis] = await Promise.all([
    new PostgreSqlContainer("postgres:18-alpine").start(),
    new RedisContainer("redis:8-alpine").start(),
  ]);
  return {
    postgres: { url: postgres.getConnectionUri(), stop: () => postgres.stop() },
    redis: { url: redis.getConnectionUrl(), stop: () => redis.stop() },
  };
}

async function startEmbedded(): Promise<{ postgres: Running; redis: Running | null }> {
  const dir = mkdtempSync(path.join(tmpdir(), "berth-postgres-"));
  const [server, redis] = await Promise.all([startPostgres({ dir }), startRedis()]);
  const stop = async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { postgres: { url: server.url, stop }, redis };
}

/** One PostgreSQL (and one Redis, where there is one) for a run of the integration tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const inContainers = process.env.BERTH_TEST_BACKEND === "containers";
  const { postgres, redis } = inContainers ? await startContainers() : await startEmbedded();
  if (!redis && process.env.BERTH_TEST_REQUIRE === "all") {
    await postgres.stop();
    throw new Error("redis-server is not installed, and BERTH_TEST_REQUIRE=all wants every test to run.");
  }
  await createTemplate(postgres.url);
  project.provide("postgresUrl", postgres.url);
  project.provide("redisUrl", redis?.url ?? null);
  return async () => {
    await Promise.all([postgres.stop(), redis?.stop()]);
  };
}
