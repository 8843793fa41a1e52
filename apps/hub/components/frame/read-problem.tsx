import type { HubProblem } from "@berth/api-client";
import { Button, Callout } from "@berth/ui";

/** Something could not be read. What was read before stays on the page below it. */
export function ReadProblem(props: { what: string; problem: HubProblem; stale: boolean; onRetry: () => void }) {
  const { what, problem, stale, onRetry } = props;
  return (
    <div className="mb-4 grid justify-items-start gap-3">
      <div className="w-full">
        <Callout tone={stale ? "warn" : "bad"} title={`${what} could not be read`}>
          {problem.message} {stale ? "What you see below may be old." : ""}
        </Callout>
      </div>
      <Button kind="quiet" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
