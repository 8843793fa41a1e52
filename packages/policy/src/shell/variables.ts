import { forEachChild, type SyntaxNode } from "unbash";

const number = /^[-+]?\d+$/;

/**
 * Names of variables whose text the script does not fix to a number. bash evaluates such text as code wherever it wants
 * a number (`x='a[$(id)]'; echo $((x))` runs `id`).
 */
export function textVariables(script: SyntaxNode): Set<string> {
  const names = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Assignment") {
      const value = node.value;
      if (value.type === "ArrayValue" || !(number.test(value.value) || isArithmetic(value))) names.add(node.name);
    } else if (node.type === "For" || node.type === "Select") {
      if (!node.wordlist?.every((word) => number.test(word.value))) names.add(node.name.value);
    } else if (
      node.type === "Command" &&
      /^(?:read|mapfile|readarray|getopts|printf|declare|local|export)$/.test(node.name?.value ?? "")
    ) {
      for (const word of node.args) if (word.type === "Word") names.add(word.value);
    }
    forEachChild(node, visit);
  };
  visit(script);
  return names;
}

const isArithmetic = (word: { parts?: readonly { type: string }[] | undefined }): boolean =>
  word.parts?.length === 1 && word.parts[0]?.type === "ArithmeticExpansion";

/** True when the text is safe where bash wants a number: numbers and names of variables that hold numbers. */
export function isSafeNumber(text: string, texts: ReadonlySet<string>): boolean {
  if (/[[\]'"`(]/.test(text.replace(/\$\(\(|\)\)/g, ""))) return false;
  const names = text.match(/\$?\{?[#A-Za-z_@*?!$\d][\w]*\}?/g) ?? [];
  return names.every((name) => number.test(name) || isNumberName(name, texts));
}

function isNumberName(name: string, texts: ReadonlySet<string>): boolean {
  const bare = name.replace(/[${}]/g, "");
  if (/^[#?!]/.test(bare) || bare === "") return true;
  if (/^(?:\d+|[@*])$/.test(bare)) return !name.startsWith("$");
  return !texts.has(bare);
}
