import { TenantId } from "@berth/contracts";
import type { Server, Tenant } from "@berth/db";
import { fail } from "@berth/platform";
import type { Ctx } from "../../context.ts";
import { ensurePolicy } from "../../policy/ensure-policy.ts";
import { makeEnrolmentToken } from "../enrolment-token.ts";
import { hostInputsOf } from "../host-inputs.ts";
import { accessOf } from "../server-access.ts";
import { minutes, type Step } from "./step.ts";

const lookAgainMs = 2_000;

/** A place for the agent: sets the server up over SSH and waits until its agent has enrolled. */
export const provisioning: Step = {
  next: "REGISTERED",
  title: "Setting up the server",
  deadlineMs: minutes(20),
  async run(ctx, { server, tenant }) {
    if (!server || !tenant) fail("conflict", "The server is missing.");
    if (!server.provisionedAt) await setUp(ctx, server, tenant);
    const current = await ctx.db.tenant.findUniqueOrThrow({ where: { id: tenant.id } });
    if (current.enrolledAt) return { kind: "done" };
    return { kind: "wait", delayMs: lookAgainMs, reason: "The server is set up; its agent has not called in yet." };
  },
};

async function setUp(ctx: Ctx, server: Server, tenant: Tenant): Promise<void> {
  const access = await accessOf(ctx, server);
  if (!access) fail("conflict", "The server no longer exists at the provider.");
  const tenantId = TenantId.parse(tenant.id);
  const policy = await ensurePolicy({ ctx, input: { tenantId } });
  const enrolmentToken = await makeEnrolmentToken(ctx, { tenantId, serverId: server.id });
  await ctx.deps.provision.provisionServer({
    ...access,
    inputs: hostInputsOf(ctx, { tenant, enrolmentToken, policyJws: policy.jws }),
    log: ctx.log,
    onStep: ({ name, ms, changed }) => ctx.log.info({ tenantId, step: name, ms, changed }, "host step done"),
  });
  const now = new Date(ctx.clock.now());
  await ctx.db.server.update({ where: { id: server.id }, data: { provisionedAt: now, updatedAt: now } });
}
