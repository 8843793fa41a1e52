import { type Place, pathFindings, resolvePath } from "../paths.ts";
import { findSecretRefs } from "../secret-refs.ts";
import { literalArg } from "../shell/invocation.ts";

interface FileArgs {
  op: "read" | "list" | "write" | "append" | "move" | "delete";
  path: string;
  content?: string | undefined;
  to?: string | undefined;
}

const ruleOfOp: Record<FileArgs["op"], string> = {
  read: "file.read",
  list: "file.read",
  write: "file.write",
  append: "file.write",
  move: "file.write",
  delete: "file.delete",
};

/** The file tool knows the workspace only: a path anywhere else is an attempt to leave it. */
export function fileFindings(args: FileArgs, place: Place): string[] {
  const ids = [ruleOfOp[args.op]];
  const use = args.op === "read" || args.op === "list" ? "read" : args.op === "delete" ? "delete" : "write";
  for (const path of args.to === undefined ? [args.path] : [args.path, args.to]) {
    const resolved = resolvePath(place.workspace, path);
    if (resolved !== place.workspace && !resolved.startsWith(`${place.workspace}/`)) ids.push("file.escape");
    ids.push(...pathFindings(literalArg(path), use, place, args.op === "delete"));
  }
  if (findSecretRefs(args.content ?? "").names.length > 0) ids.push("secret.stored");
  return ids;
}
