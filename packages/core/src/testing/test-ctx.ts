import type { Db } from "@berth/db";
import { createIds, createLogger, generateSigningKey, ManualClock } from "@berth/platform";
import type { Actor, Ctx } from "../context.ts";
import type { Deps } from "../deps.ts";

export interface TestCtx extends Ctx {
  clock: ManualClock;
}

/** Stands for a part of the outside that the test did not ask for: any use of it fails, by name. */
export function absent<K extends keyof Deps>(name: K): Deps[K] {
  const refuse = (): never => {
    throw new Error(`this test has no "${name}"`);
  };
  return new Proxy({}, { get: refuse }) as Deps[K]; // every access throws, so no wrong value can come out of it
}

/** A context on a clock that stands still, with a signing key of its own and nothing of the outside but what is given. */
export function createTestCtx({ db, deps = {} }: { db: Db; deps?: Partial<Deps> }): TestCtx {
  const clock = new ManualClock();
  const { privateKey, publicKey } = generateSigningKey();
  const kid = "hub-test";
  return {
    actor: { kind: "anonymous" },
    clock,
    ids: createIds(clock),
    log: createLogger({ service: "test", level: "silent" }),
    db,
    deps: {
      config: {
        websiteUrl: "http://127.0.0.1:3000",
        hubUrl: "http://127.0.0.1:3001",
        realtimeUrl: "ws://127.0.0.1:3002",
        tenantHubUrl: "http://203.0.113.10:3001",
        tenantRealtimeUrl: "ws://203.0.113.10:3002",
        tenantLlm: { anthropic: null, openai: null },
        heartbeatIntervalMs: 30_000,
      },
      billing: absent("billing"),
      mailer: absent("mailer"),
      vps: absent("vps"),
      dns: absent("dns"),
      provision: absent("provision"),
      hubKeys: { current: { kid, privateKey }, all: [{ kid, publicKey }] },
      llmKeys: { anthropic: null, openai: null },
      sealKey: new Uint8Array(32),
      ...deps,
    },
  };
}

/** The same context for somebody else. */
export const as = (ctx: TestCtx, actor: Actor): TestCtx => ({ ...ctx, actor });
