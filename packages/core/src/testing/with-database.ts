import { createDb, type Db } from "@berth/db";
import { createStoredWorld, createTestDatabase, type StoredWorld } from "@berth/testkit";
import type { ActorOf } from "../context.ts";
import type { Deps } from "../deps.ts";
import { createTestCtx, type TestCtx } from "./test-ctx.ts";

export interface TestHub {
  url: string;
  db: Db;
  ctx: TestCtx;
  world: StoredWorld;
  close(): Promise<void>;
}

/** A database of its own on the test run's server, and a context and a world on it. */
export async function openTestHub(serverUrl: string, deps: Partial<Deps> = {}): Promise<TestHub> {
  const database = await createTestDatabase(serverUrl);
  const db = createDb({ url: database.url });
  const ctx = createTestCtx({ db, deps });
  const close = async () => {
    await db.$disconnect();
    await database.drop();
  };
  return { url: database.url, db, ctx, world: createStoredWorld({ db, clock: ctx.clock, ids: ctx.ids }), close };
}

export const customerActor = (person: {
  userId: string;
  organizationId: string;
  email: string;
}): ActorOf<"customer"> => ({
  kind: "customer",
  emailVerified: true,
  ...person,
});
