import type { SyntaxNode } from "unbash";
import type { Invocation } from "./invocation.ts";

/** Variables that get a value in another way than `NAME=value`: a loop, a default, arithmetic, a file's number. */
export function assignedByNode(node: SyntaxNode): string[] {
  switch (node.type) {
    case "For":
    case "Select":
      return [node.name.value];
    case "Coproc":
      return node.name === undefined ? [] : [node.name.value];
    case "FileDescriptorVariable":
      return [node.name];
    case "ArithmeticWord":
      return [node.value];
    case "ParameterExpansion":
      return node.operation?.type === "Default" && /=$/.test(node.operation.operator) ? [node.parameter] : [];
    default:
      return [];
  }
}

const name = /^[A-Za-z_]\w*$/;

/** Variables that a builtin such as `read` fills or removes. Without PATH bash looks for programs in the folder it is in. */
export function assignedByCommand({ name: command, args }: Invocation): string[] {
  const values = args.map(({ value }) => value);
  if (command === "printf") {
    const [first = "", second = ""] = values;
    return first === "-v" ? [second] : first.startsWith("-v") ? [first.slice(2)] : [];
  }
  if (!/^(?:read|mapfile|readarray|getopts|unset|wait)$/.test(command)) return [];
  // `-aNAME` is `-a NAME`.
  return values.map((value) => value.replace(/^-[a-z]+(?=[A-Z_])/, "")).filter((value) => name.test(value));
}
