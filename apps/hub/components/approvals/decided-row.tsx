import type { Approval } from "@berth/contracts";
import { Badge, Facts } from "@berth/ui";
import { momentWords } from "../frame/times.ts";
import { ActClassBadge } from "./act-class-badge.tsx";
import { outcomeWords } from "./outcome-words.ts";

/** A request that is settled. Its arguments are gone; their fingerprint stays. */
export function DecidedRow({ approval }: { approval: Approval }) {
  const { tone, word, icon: Icon, result } = outcomeWords(approval);
  return (
    <li>
      <details className="group px-4 py-3 sm:px-5">
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1.5 rounded-control">
          <Badge tone={tone} icon={<Icon className="size-3.5" aria-hidden="true" />}>
            {word}
          </Badge>
          <span className="font-mono text-sm">{approval.tool}</span>
          <ActClassBadge actClass={approval.actClass} />
          <span className="text-sm text-soft">{result}</span>
          <span className="text-sm text-faint sm:ml-auto">
            {approval.decidedAt ? momentWords(approval.decidedAt) : ""}
          </span>
        </summary>
        <div className="mt-3 border-t border-line pt-3">
          <Facts
            rows={[
              ["Decided by", approval.decidedBy],
              ["Note", approval.note],
              ["Ran at", approval.executedAt ? momentWords(approval.executedAt) : null],
              ["Why it asked", approval.reason],
              ["Reaches", approval.blastRadius],
              ["Secrets used", approval.secretNames.join(", ")],
              ["Asked by", `${approval.agent}, ${momentWords(approval.createdAt)}`],
              ["Arguments", <Fingerprint key="sha" sha256={approval.argumentsSha256} />],
            ]}
          />
        </div>
      </details>
    </li>
  );
}

function Fingerprint({ sha256 }: { sha256: string }) {
  return (
    <>
      not kept here after the decision; SHA-256 <code className="font-mono text-xs break-all">{sha256}</code>
    </>
  );
}
