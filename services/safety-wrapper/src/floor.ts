import { BerthTool } from "@berth/contracts";
import { classify, gateProbeRefusal } from "@berth/policy";

/** Native tools that only read sessions. The gateway's configuration lists the same names. */
export const harmlessNativeTools: ReadonlySet<string> = new Set(["sessions_list", "sessions_history"]);

/**
 * What the wrapper refuses on its own, whatever the agent says: tools that are not Berth's, and acts that no policy can
 * allow. Null lets the call go on to the agent's gate.
 */
export function floorRefusal(tool: string, args: Record<string, unknown>): string | null {
  if (harmlessNativeTools.has(tool)) return null;
  if (!BerthTool.safeParse(tool).success) return `The tool ${tool} is not available here.`;
  const verdict = classify({ tool, args, agent: "main", origin: "unknown" });
  if (!verdict.forbidden) return null;
  if (verdict.rules.includes("gate.probe")) return gateProbeRefusal(args.command);
  return `Refused: ${verdict.reason}`;
}
