import { existsSync, readFileSync } from "node:fs";
import { type AgentConfig, type ComponentVersions, type EnrolInput, EnrolResult } from "@berth/contracts";
import { AppError, fail, parseOrFail } from "@berth/platform";
import type { z } from "zod";
import type { AgentDeps } from "../deps.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import type { Identity } from "./load-identity.ts";
import { wipeFile } from "./wipe-file.ts";

const setting = "enrolment";

/** What the Hub answered when this machine enrolled; null before. */
export function readEnrolment(ledger: Ledger): EnrolResult | null {
  const stored = ledger.readSetting(setting);
  return stored === null ? null : EnrolResult.parse(JSON.parse(stored));
}

export interface EnrolDeps {
  config: AgentConfig;
  identity: Identity;
  ledger: Ledger;
  versions: () => ComponentVersions;
  deps: Pick<AgentDeps, "fetch">;
}

/**
 * Trades the one-time token for an identity at the Hub. The order makes every crash harmless: key on disk, call, answer
 * on disk, token wiped. Throws `unauthenticated` if the Hub refuses the token, `unavailable` if it cannot be reached.
 */
export async function enrol({ config, identity, ledger, versions, deps }: EnrolDeps): Promise<EnrolResult> {
  const before = readEnrolment(ledger);
  if (before) {
    wipeFile(config.enrolmentTokenFile);
    return before;
  }
  if (!existsSync(config.enrolmentTokenFile)) {
    fail("unauthenticated", "This machine is not enrolled and has no enrolment token.");
  }
  const body: EnrolInput = {
    tenantId: config.tenantId,
    token: readFileSync(config.enrolmentTokenFile, "utf8").trim(),
    publicKey: identity.publicKey,
    versions: versions(),
    isolation: config.isolation,
  };
  const result = await post(`${config.hubUrl.replace(/\/$/, "")}/api/tenant/v1/enrol`, body, deps);
  if (result.tenantId !== config.tenantId) fail("unauthenticated", "The Hub enrolled this machine as another tenant.");
  ledger.writeSetting(setting, JSON.stringify(result));
  wipeFile(config.enrolmentTokenFile);
  return result;
}

async function post(url: string, body: EnrolInput, { fetch }: Pick<AgentDeps, "fetch">): Promise<EnrolResult> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(15_000),
  }).catch((cause) => fail("unavailable", "The Hub cannot be reached.", { cause }));
  if (response.status >= 500 || response.status === 429) {
    fail("unavailable", `The Hub answered ${response.status} to the enrolment.`);
  }
  if (!response.ok) throw new AppError("unauthenticated", `The Hub refused the enrolment (${response.status}).`);
  const answer: unknown = await response.json().catch(() => null);
  return parseOrFail(EnrolResult satisfies z.ZodType, answer, "answer to the enrolment");
}
