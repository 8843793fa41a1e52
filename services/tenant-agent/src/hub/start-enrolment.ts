import type { EnrolResult } from "@berth/contracts";
import { appErrorOf } from "@berth/platform";
import type { AgentDeps } from "../deps.ts";
import { type EnrolDeps, enrol } from "../identity/enrol.ts";
import { backoffMs, type Repeater, repeat } from "../repeat.ts";

const idleMs = 3_600_000;

/** Tries until this machine is enrolled. A refused token is tried again too: the operator may put another one there. */
export function startEnrolment(
  input: EnrolDeps & { deps: AgentDeps; onEnrolled: (result: EnrolResult) => void },
): Repeater {
  let attempt = 0;
  let enrolled = false;
  return repeat(
    async () => {
      if (enrolled) return idleMs;
      const result = await enrol(input);
      enrolled = true;
      input.deps.log.info({ keyId: result.keyId }, "enrolled");
      input.onEnrolled(result);
      return idleMs;
    },
    (error) => {
      attempt += 1;
      input.deps.log.error({ reason: appErrorOf(error).message }, "not enrolled yet");
      return backoffMs(input.deps, attempt);
    },
  );
}
