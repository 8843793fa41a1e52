import type { KeyKind } from "./key-names.ts";
import { type Shape, shapeOf } from "./randomness.ts";
import type { Scan } from "./scan.ts";

/** Whole values that stand for a secret instead of being one. */
const stand =
  /^(?:<[^>]*>?|\[[^\]]*\]?|\$[{(].*|\$[A-Za-z_]\w*|\{\{.*|%[A-Za-z_]\w*%|%[sdv]|@\w+@|SECRET_REF\(.*|(?:process|import)\.\w+.*|os\.environ.*|getenv.*|env[.:(].*|vault:.*|op:\/\/.*|null|none|nil|undefined|true|false)$/i;
/** Inside a value: somebody says that it is none. */
const said =
  /example|sample|placeholder|chang(?:e|ed)?[-_.]?(?:me|it|this)|your|dummy|fake|mock|redacted|replace|insert|todo|x{4}|X{4}|\*{3}|\.{3}|…|-here|_here|foobar|lorem|secret_ref\(|123456|abcdef|abc123|qwerty|deadbeef|cafebabe/i;

/** Bits of evidence that outweigh a word like `example` in the middle of a random value. */
const beyondDoubt = 60;

/** `GEMINI_API_KEY`: the name of a variable, where a list or a setting names it. */
const variable = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const beyondName = 40;

export function isPlaceholder(text: string, shape: Shape): boolean {
  if (stand.test(text)) return true;
  if (new Set(text.slice(0, 64)).size < Math.min(5, text.length)) return true;
  if (shape.evidence < beyondName && variable.test(text)) return true;
  return shape.evidence < beyondDoubt && said.test(text);
}

/** `foo.bar`, `getToken(`, `options[`, `A | B`: code that computes the value. */
const expression = /^[!&*(]*(?:new |await )?[A-Za-z_$][\w$]*\??(?:[.([]|\s*$)/;
const isExpression = (text: string, shape: Shape): boolean =>
  /[(){}[\]]/.test(text) ||
  (shape.evidence < 25 && expression.test(text) && (text.includes(".") || shape.digits === 0));
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => text.length === 36 && uuid.test(text);

/** A random token, by its surroundings known to be a secret: even digests and UUIDs are taken for one. */
const isKeyMaterial = (shape: Shape, least: number): boolean =>
  shape.length >= 8 && (shape.evidence >= least || shape.hexRun >= 16);

function isPasswordLike(text: string, shape: Shape): boolean {
  if (shape.length < 5 || shape.length > 256) return false;
  const signs = text.match(/[!-,:-@[-^`{-~]/g)?.length ?? 0;
  if (/[\s\u0100-\uffff]/.test(text)) return shape.evidence >= 20 && signs >= 3;
  const mixed = shape.digits > 0 || signs > 0 || (shape.upper > 0 && shape.lower > 0);
  return mixed && shape.evidence + 3 * signs >= 5;
}

const leastEvidence: Record<KeyKind, number> = { password: 5, secret: 6, token: 10, weak: 20, header: 8, cookie: 12 };

/** Whether what is assigned to a name of that kind is a secret. `quoted`: it stands in quotes, so that it is no expression. */
export function isSecretValue(scan: Scan, begin: number, end: number, kind: KeyKind, quoted: boolean): boolean {
  if (end - begin < 5) return false;
  const shape = shapeOf(scan.units, begin, end);
  const text = scan.text.slice(begin, end);
  // What costs most comes last: most values are words.
  if (!isRandomFor(kind, text, shape)) return false;
  return (quoted || !isExpression(text, shape)) && !isPlaceholder(text, shape);
}

function isRandomFor(kind: KeyKind, text: string, shape: Shape): boolean {
  if (kind === "password" && isPasswordLike(text, shape)) return true;
  if (kind === "weak") {
    return shape.length >= 16 && !shape.hex && shape.evidence >= leastEvidence.weak && !/\s/.test(text);
  }
  return isKeyMaterial(shape, leastEvidence[kind]) && !/\s/.test(text);
}
