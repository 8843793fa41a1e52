import { fail } from "@berth/platform";
import { forEachChild, type SyntaxNode } from "unbash";
import { isDeclaring, wordsOf } from "./programs.ts";

export function definedFunctions(script: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Function") names.add(node.name.value);
    forEachChild(node, visit);
  };
  visit(script);
  return names;
}

/** Refuses what would make a builtin another thing, or a value text to compute with, somewhere in the same command. */
export function refuseUnguardable(script: SyntaxNode, command: string, name: string): void {
  const visit = (node: SyntaxNode): void => {
    const why = problemOf(node, command);
    if (why !== null)
      fail("invalid_input", `A command with SECRET_REF(${name}) cannot use ${why}. Do that in a command of its own.`);
    forEachChild(node, visit);
  };
  visit(script);
}

function problemOf(node: SyntaxNode, command: string): string | null {
  if (node.type === "CommandExpansion" && command[node.pos] === "`") return "backticks; write $(…)";
  if (node.type !== "Command") return null;
  const [first, ...words] = wordsOf(node);
  if (first === "alias" || first === "enable") return first;
  // An integer or a reference to another name evaluates the text that it is given.
  if (isDeclaring(first ?? "") && words.some((word) => /^-\w*[in]/.test(word ?? ""))) return `${first} -i or -n`;
  return null;
}
