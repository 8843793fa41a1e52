import {
  type Command,
  type Function as FunctionNode,
  forEachChild,
  type ParameterExpansionPart,
  type Pipeline,
  parse,
  type Redirect,
  type SyntaxNode,
} from "unbash";
import { mentionsGuarded, pathFindings } from "../paths.ts";
import { withPlaceholders } from "../secret-refs.ts";
import { assignedByNode } from "./assigned-names.ts";
import type { Examination } from "./examination.ts";
import { examineCommand } from "./examine-command.ts";
import { literalOutput } from "./literal-output.ts";
import { settingFinding } from "./settings.ts";
import { isSafeNumber, textVariables } from "./variables.ts";
import { argOf, argOfWord } from "./words.ts";
import { isShell } from "./wrappers.ts";

const deepest = 12;

/** Reads text as bash and adds the ids of all rules that any command in it touches, however deep it hides. */
export function examineScript(text: string, parent: Omit<Examination, "examineText">): void {
  if (parent.depth >= deepest) {
    parent.findings.add("shell.unknown-code");
    return;
  }
  if (mentionsGuarded(text)) parent.findings.add("path.guarded");
  const script = parse(withPlaceholders(text));
  const scope: Examination = {
    ...parent,
    depth: parent.depth + 1,
    examineText: examineScript,
    functions: new Set([...parent.functions, ...functionNames(script)]),
    texts: new Set([...parent.texts, ...textVariables(script)]),
  };
  visit(script, scope);
}

function functionNames(script: SyntaxNode): string[] {
  const names: string[] = [];
  const look = (node: SyntaxNode): void => {
    if (node.type === "Function") names.push(node.name.value);
    forEachChild(node, look);
  };
  look(script);
  return names;
}

function visit(node: SyntaxNode, scope: Examination): void {
  inspect(node, scope);
  forEachChild(node, (child) => visit(child, scope));
}

function inspect(node: SyntaxNode, scope: Examination): void {
  for (const name of assignedByNode(node)) {
    if (settingFinding(name, true) === "shell.redefinition") scope.findings.add("shell.redefinition");
  }
  switch (node.type) {
    case "Script":
      if (node.errors !== undefined && node.errors.length > 0) scope.findings.add("shell.unparseable");
      return;
    case "Command":
      inspectCommand(node, scope);
      return;
    case "Redirect":
      inspectRedirect(node, scope);
      return;
    case "Pipeline":
      inspectPipeline(node, scope);
      return;
    case "Function":
      inspectFunction(node, scope);
      return;
    case "ArithmeticWord":
      expectNumber(node.value, scope);
      return;
    case "ParameterExpansion":
      inspectExpansion(node, scope);
      return;
    case "TestBinary":
      if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
        expectNumber(node.left.value, scope);
        expectNumber(node.right.value, scope);
      }
      inspectOperands([node.left, node.right], scope);
      return;
    case "TestUnary":
      if (node.operator === "-v" && !/^[A-Za-z_]\w*$/.test(node.operand.value))
        scope.findings.add("shell.hidden-evaluation");
      inspectOperands([node.operand], scope);
      return;
    case "Assignment":
      if (node.index !== undefined) expectNumber(node.index.value, scope);
      return;
    default:
  }
}

const expectNumber = (text: string, scope: Examination): void => {
  if (!isSafeNumber(text, scope.texts)) scope.findings.add("shell.hidden-evaluation");
};

function inspectOperands(words: Parameters<typeof argOfWord>[0][], scope: Examination): void {
  for (const word of words) {
    const arg = argOfWord(word);
    if (/[/~]/.test(arg.value)) for (const id of pathFindings(arg, "read", scope.place, false)) scope.findings.add(id);
  }
}

function inspectCommand(node: Command, scope: Examination): void {
  for (const part of node.prefix) {
    if (part.type !== "Assignment") continue;
    const finding = settingFinding(part.name, node.name !== undefined);
    if (finding !== null) scope.findings.add(finding);
  }
  if (node.name === undefined) return;
  const stdin: string[] = [];
  let stdinKnown = true;
  for (const redirect of node.redirects) {
    if (redirect.type === "HereDoc") {
      stdin.push(redirect.body.text);
      if (redirect.delimiter?.quoted !== true && /[$`\\]/.test(redirect.body.text)) stdinKnown = false;
    } else if (redirect.type === "HereString" && redirect.target !== undefined) {
      const word = argOfWord(redirect.target);
      stdin.push(word.value);
      if (word.dynamic) stdinKnown = false;
    }
  }
  examineCommand([argOfWord(node.name), ...node.args.map(argOf)], { scope, stdin, stdinKnown });
}

function inspectRedirect(node: Redirect, scope: Examination): void {
  if (node.target === undefined) return;
  const arg = argOfWord(node.target);
  if (/\/dev\/(?:tcp|udp)(?:\/|$)/.test(arg.value)) scope.findings.add("net.device");
  if (/^[<>]&$/.test(node.operator) && /^(?:\d+-?|-)$/.test(arg.value)) return;
  const writes = node.operator !== "<" && node.operator !== "<&";
  for (const id of pathFindings(arg, writes ? "write" : "read", scope.place, false)) scope.findings.add(id);
  if (writes && !/^\/dev\/(?:null|stdout|stderr|tty|fd\/\d+)$/.test(arg.value)) scope.findings.add("shell.redirect");
}

/** `echo … | base64 -d | sh`: what the shell will read is often known; it is examined, and stays unchecked code. */
function inspectPipeline(node: Pipeline, scope: Examination): void {
  node.commands.forEach((command, at) => {
    if (at === 0 || command.type !== "Command" || !isShell(command.name?.value.split("/").at(-1) ?? "")) return;
    const text = literalOutput(node.commands.slice(0, at));
    if (text !== null) examineScript(text, scope);
  });
}

function inspectFunction(node: FunctionNode, scope: Examination): void {
  const look = (child: SyntaxNode): void => {
    if (child.type === "Command" && child.name?.value === node.name.value) scope.findings.add("shell.self-call");
    forEachChild(child, look);
  };
  look(node.body);
  if (/^(?:cd|command|builtin|exec|source|test|\[)$/.test(node.name.value)) scope.findings.add("shell.redefinition");
}

function inspectExpansion(node: ParameterExpansionPart, scope: Examination): void {
  const { operation, index } = node;
  if (operation?.type === "Transform" && !/^[QUuLEAaKk]$/.test(operation.operand.value))
    scope.findings.add("shell.hidden-evaluation");
  if (operation?.type === "Unknown") scope.findings.add("shell.hidden-evaluation");
  const listsKeys = index !== undefined && /^[@*]$/.test(index.value);
  if (node.prefix === "!" && operation?.type !== "Names" && !listsKeys) scope.findings.add("shell.hidden-evaluation");
  if (index !== undefined && !listsKeys) expectNumber(index.value, scope);
  if (operation?.type === "Slice") {
    expectNumber(operation.offset.value, scope);
    if (operation.length !== undefined) expectNumber(operation.length.value, scope);
  }
}
