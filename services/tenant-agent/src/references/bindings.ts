import { HttpMethod, type SecretBindings, type ToolCall } from "@berth/contracts";
import { findSecretRefs } from "@berth/policy";
import type { SecretInfo } from "@berth/vault";
import { hostMatches } from "./host-pattern.ts";
import { type HttpTarget, httpTargetOf, shownTarget } from "./http-target.ts";

export interface UnboundUse {
  name: string;
  /** What is done with the secret and what it is meant for, for the customer. */
  reason: string;
}

type CallWithRefs = Pick<ToolCall, "tool" | "args">;

/** Uses of secrets outside their bindings: another tool, another host or another method than the secret is meant for. */
export function unboundUses(call: CallWithRefs, find: (name: string) => SecretInfo | null): UnboundUse[] {
  // A task for an agent carries the reference itself, not the value.
  if (call.tool === "delegate" || call.tool === "schedule") return [];
  return findSecretRefs(call.args).names.flatMap((name) => {
    const bindings = find(name)?.bindings ?? nowhere;
    if (isInside(call, bindings)) return [];
    const reason = `It uses the secret "${name}" ${useOf(call)}. That secret is meant only for ${purposeOf(bindings)}.`;
    return [{ name, reason }];
  });
}

const nowhere: SecretBindings = { tools: [], hosts: [], methods: [] };

function isInside({ tool, args }: CallWithRefs, bindings: SecretBindings): boolean {
  if (!bindings.tools.includes(tool)) return false;
  if (tool !== "http_request") return true;
  const target = httpTargetOf(String(args.url));
  if (typeof target === "string" || !bindings.methods.some((method) => method === args.method)) return false;
  return bindings.hosts.some((pattern) => hostMatches(pattern, target));
}

const doings: Record<string, string> = {
  run_command: "in a command on the server",
  file: "in a file of the workspace",
  send_message: "in a message to a person",
};

function useOf({ tool, args }: CallWithRefs): string {
  if (tool !== "http_request") return doings[tool] ?? `with ${tool}`;
  const target = httpTargetOf(String(args.url));
  return `in a ${String(args.method)} request to ${placeOf(target)}`;
}

const placeOf = (target: HttpTarget | string): string =>
  typeof target === "string" ? "an address that cannot be read" : shownTarget(target);

const places: Record<string, string> = {
  run_command: "commands on the server",
  file: "files of the workspace",
  send_message: "messages to people",
};

function purposeOf({ tools, hosts, methods }: SecretBindings): string {
  const parts = tools.map((tool) => {
    if (tool !== "http_request") return places[tool] ?? tool;
    if (hosts.length === 0 || methods.length === 0) return "requests to no host at all";
    const all = HttpMethod.options.every((method) => methods.includes(method));
    return `${all ? "" : `${inWords(methods)} `}requests to ${inWords(hosts)}`;
  });
  return inWords(parts) || "nothing that an agent does";
}

const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
