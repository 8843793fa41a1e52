import { secretRefPattern } from "@berth/policy";

/** The first thing in a call's arguments that was meant as a reference and is none, short enough to be shown. */
export function malformedRefIn(args: unknown): string | null {
  const rest = JSON.stringify(args).replace(secretRefPattern, "");
  return /SECRET_REF[^"\\]{0,30}/i.exec(rest)?.[0] ?? null;
}

/** True if `host` is `pattern`, or below it where the pattern is `*.example.com`. */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) && host.length >= wanted.length : host === wanted;
}
