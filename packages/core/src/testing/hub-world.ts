import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createStripeBilling } from "@berth/billing";
import { type HeartbeatInput, type JobName, type JobPayload, OrderId, TenantId } from "@berth/contracts";
import { createDb } from "@berth/db";
import { createStripeControls, startStripeEmulator } from "@berth/emulators";
import {
  createIds,
  createLogger,
  generateSigningKey,
  isoOf,
  ManualClock,
  randomToken,
  secretOf,
} from "@berth/platform";
import { createFakeMailer, createFakeServers, createTestDatabase, type FaultInjector } from "@berth/testkit";
import type { Actor, ActorOf, Ctx } from "../context.ts";
import { advanceOrder, sendOrderMail } from "../order/index.ts";
import { dispatchOutbox } from "../outbox/dispatch.ts";
import { listPlans } from "../plan/list-plans.ts";
import { applyStripeEvent } from "../stripe-event/index.ts";
import { enrol } from "../tenant/enrol.ts";
import { recordHeartbeat } from "../tenant/record-heartbeat.ts";

const secretKey = "sk_test_hubworld";
const webhookSecret = "whsec_hubworld";
const log = createLogger({ service: "test", level: "silent" });

/** A Hub on a real database and the Stripe emulator; servers and mailboxes are fakes with points to break them at. */
export async function createHubWorld(postgresUrl: string) {
  const clock = new ManualClock(Date.now());
  const database = await createTestDatabase(postgresUrl);
  const db = createDb({ url: database.url });
  const stripe = await startStripeEmulator({ secretKey, clock });
  const controls = createStripeControls({ url: stripe.url, secretKey });
  const mailer = createFakeMailer();
  const ids = createIds(clock);
  let inject: FaultInjector = () => {};
  const servers = createFakeServers({
    dir: mkdtempSync(path.join(tmpdir(), "berth-fakes-")),
    inject: (point) => inject(point),
  });
  const { privateKey, publicKey } = generateSigningKey();
  const billing = createStripeBilling({
    secretKey: secretOf(secretKey),
    webhookSecret: secretOf(webhookSecret),
    apiUrl: stripe.url,
    meterEventName: "berth_tokens",
    clock,
    log,
  });
  await billing.ensureCatalogue(listPlans());
  const config = {
    websiteUrl: "http://127.0.0.1:3000",
    hubUrl: "http://127.0.0.1:3001",
    realtimeUrl: "ws://127.0.0.1:3002",
    tenantHubUrl: "http://127.0.0.1:3001",
    tenantRealtimeUrl: "ws://127.0.0.1:3002",
    tenantLlm: { anthropic: "http://127.0.0.1:3006", openai: null },
    heartbeatIntervalMs: 5000,
  };
  const base: Omit<Ctx, "actor"> = {
    clock,
    ids,
    log,
    db,
    deps: {
      config,
      billing,
      mailer,
      vps: servers.vps,
      dns: servers.dns,
      provision: servers.provision,
      hubKeys: { current: { kid: "hub-test", privateKey }, all: [{ kid: "hub-test", publicKey }] },
      llmKeys: { anthropic: secretOf("sk-ant-operator"), openai: null },
      sealKey: randomBytes(32),
    },
  };
  const as = <A extends Actor>(actor: A): Ctx<A> => ({ ...base, actor });
  const system = (job = "test") => as({ kind: "system", job });

  const processors: { [N in JobName]?: (payload: JobPayload<N>) => Promise<unknown> } = {
    "order.advance": (input) => advanceOrder({ ctx: system(), input }),
    "order.mail": (input) => sendOrderMail({ ctx: system(), input }),
    "stripe.event": (input) => applyStripeEvent({ ctx: system(), input }),
  };

  /** Works the outbox off, due rows only, as dispatcher and worker do; a job that throws is left to its retry. */
  const runJobs = async (): Promise<void> => {
    const queue: { job: JobName; payload: unknown }[] = [];
    await dispatchOutbox({ db, clock, enqueue: async (row) => void queue.push(row) });
    if (queue.length === 0) return;
    for (const { job, payload } of queue) {
      const run = processors[job] as ((payload: unknown) => Promise<unknown>) | undefined; // parsed when it was enqueued
      await run?.(payload);
    }
    return runJobs();
  };

  return {
    db,
    clock,
    ids,
    mailer,
    servers,
    billing,
    controls,
    config,
    databaseUrl: database.url,
    as,
    system,
    runJobs,
    breakAt(injector: FaultInjector) {
      inject = injector;
    },
    heal() {
      inject = () => {};
    },

    /** A signed-up customer with an organisation of their own. */
    async customer(overrides: { emailVerified?: boolean } = {}): Promise<Ctx<ActorOf<"customer">>> {
      const userId = ids.next("usr");
      const organizationId = ids.next("org");
      const email = `${userId}@example.com`;
      const { emailVerified = true } = overrides;
      await db.user.create({ data: { id: userId, name: "Test customer", email, emailVerified } });
      await db.organization.create({ data: { id: organizationId, name: "Test customer", slug: organizationId } });
      await db.member.create({ data: { id: ids.next("mem"), organizationId, userId, role: "owner" } });
      return as({ kind: "customer", userId, organizationId, email, emailVerified });
    },

    /** What Stripe would send: an event about an object, with a valid signature. */
    stripeEvent(input: { objectId: string; type?: string; id?: string }) {
      const event = {
        id: input.id ?? `evt_${randomToken(12).replaceAll("-", "")}`,
        object: "event",
        type: input.type ?? "checkout.session.completed",
        created: Math.floor(clock.now() / 1000),
        data: { object: { id: input.objectId } },
      };
      const rawBody = Buffer.from(JSON.stringify(event));
      const time = Math.floor(clock.now() / 1000);
      const mac = createHmac("sha256", webhookSecret).update(`${time}.`).update(rawBody).digest("hex");
      return { rawBody, signature: `t=${time},v1=${mac}`, id: event.id };
    },

    /** What the agent on the one server of an order does after the host plan: enrols, then proves its gate. */
    async agentCallsIn(orderId: string, gate: { verified: boolean } = { verified: true }): Promise<void> {
      const tenant = await db.tenant.findUniqueOrThrow({ where: { orderId }, include: { server: true } });
      const tenantId = TenantId.parse(tenant.id);
      const token = servers.all().find((server) => server.name === tenant.server.name)?.enrolmentToken ?? "";
      const versions = { agent: "1", egressProxy: "1", safetyWrapper: "1", openclaw: "1", node: "24" };
      if (!tenant.enrolledAt) {
        const agentKey = generateSigningKey().publicKey;
        await enrol({
          ctx: as({ kind: "anonymous" }),
          input: { token, publicKey: agentKey, versions, isolation: "process" },
        });
      }
      const heartbeat: HeartbeatInput = {
        sentAt: isoOf(clock.now()),
        bootId: "boot",
        versions,
        load: { load1: 0, memoryUsedMb: 1, memoryTotalMb: 2, diskFreeMb: 3 },
        gate: { ...gate, reason: gate.verified ? null : "not proven", testedAt: isoOf(clock.now()) },
        policyVersion: 1,
        budget: { tokensUsedThisMonth: 0, tokensPerMonth: null },
        openApprovals: 0,
      };
      await recordHeartbeat({ ctx: as({ kind: "tenantAgent", tenantId }), input: heartbeat });
    },

    stateOf: async (orderId: string) => (await db.order.findUniqueOrThrow({ where: { id: orderId } })).state,
    orderId: (id: string) => OrderId.parse(id),

    async close() {
      await db.$disconnect();
      await stripe.close();
      await database.drop();
    },
  };
}

export type HubWorld = Awaited<ReturnType<typeof createHubWorld>>;
