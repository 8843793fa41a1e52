import type { Assigned } from "./assigned-value.ts";
import { shapeOf } from "./randomness.ts";
import { hit, leaveOpen, type Scan, spend } from "./scan.ts";
import { isPlaceholder, isSecretValue } from "./values.ts";

const longestHeader = 4096;

/** The rest of the line, or of the quoted string, from `begin`. */
function lineFrom(scan: Scan, begin: number): string {
  const line = /^[^\r\n"'`]*/.exec(scan.text.slice(begin, begin + longestHeader))?.[0] ?? "";
  spend(scan, line.length);
  scan.seen.header = begin + line.length;
  if (begin + line.length === scan.length) leaveOpen(scan, begin);
  return line;
}

/** RFC 9110 §11.4: a scheme and a token68, or the bare token that many APIs take. */
export function findInHeader(scan: Scan, value: Assigned): void {
  if (value.begin < scan.seen.header) return;
  const line = lineFrom(scan, value.begin);
  if (/^Digest /i.test(line)) {
    findInDigest(scan, value.begin);
    return;
  }
  const parts = /^(?:([A-Za-z][\w-]*)(?: +|=))?([^\s,;]+(?: fm2_[^\s,;]+)?)/.exec(line);
  const credentials = parts?.[2];
  if (!parts || credentials === undefined) return;
  const begin = value.begin + parts[0].length - credentials.length;
  const end = begin + credentials.length;
  if (/^(?:Bearer|Basic|Token|Bot|ApiKey|Key|Digest|Negotiate|NTLM)$/i.test(credentials)) return;
  const isBasic = /^basic$/i.test(parts[1] ?? "") && isUserAndPassword(credentials);
  if (isBasic || isSecretValue(scan, begin, end, "header", true)) hit(scan, begin, end, "authorization-header");
}

const isUserAndPassword = (credentials: string): boolean =>
  credentials.length >= 8 &&
  /^[\x20-\x7e\x80-\xff]*:[\x20-\x7e\x80-\xff]+$/.test(Buffer.from(credentials, "base64").toString("latin1"));

/** RFC 7616: the response is a hash that can be attacked offline. It stands in one of the next lines. */
function findInDigest(scan: Scan, begin: number): void {
  const header = scan.text.slice(begin, begin + 1024);
  const response = /\bresponse="([0-9a-f]{32,128})"/.exec(header);
  if (response?.[1] !== undefined) {
    const at = begin + response.index + response[0].length - response[1].length - 1;
    hit(scan, at, at + response[1].length, "authorization-header");
  } else if (begin + header.length === scan.length) leaveOpen(scan, begin);
}

/** RFC 6265: each value that looks drawn at random. Attributes (`Path`, `Max-Age`) never do. */
export function findInCookies(scan: Scan, value: Assigned): void {
  if (value.begin < scan.seen.header) return;
  const line = lineFrom(scan, value.begin);
  for (const pair of line.matchAll(/[^\s=;,]{1,128}=([^\s;,]{12,4096})/g)) {
    const text = pair[1] ?? "";
    const begin = value.begin + pair.index + pair[0].length - text.length;
    const shape = shapeOf(scan.units, begin, begin + text.length);
    const random = shape.evidence >= 20 || (shape.hex && shape.length >= 16 && shape.digits > 1);
    if (random && !isPlaceholder(text, shape)) hit(scan, begin, begin + text.length, "cookie");
  }
}
