import { hit, leaveOpen, type Scan, spend } from "./scan.ts";

const pem = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const putty = /Private-Lines: \d{1,4}(?:\r?\n|\\n)((?:[A-Za-z0-9+/=]{1,80}(?:\r?\n|\\n|$)){0,60})/y;
const footer = "-----END ";
/** Fewer units after the header are words about a key, or dots. */
const shortestBody = 40;

/** A field before the data, base64, line breaks (as such or as `\n` in JSON), quotes and signs of a concatenation. */
const body =
  /(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\n\\]{0,100}|[A-Za-z0-9+/=]{1,100}|\\[nr]|[\s"'`,;+|>#.*]){1,64}/y;

/** Where the body that begins at `from` ends, and whether it may go on after the end of the text. */
export function endOfBody(text: string, from: number): { end: number; open: boolean } {
  let at = from;
  for (;;) {
    body.lastIndex = at;
    const piece = at < text.length ? (body.exec(text)?.[0].length ?? 0) : 0;
    if (piece === 0) break;
    at += piece;
  }
  const rest = text.slice(at, at + footer.length);
  return { end: at, open: at + rest.length === text.length && (footer.startsWith(rest) || rest === "\\") };
}

function findBodies(scan: Scan, marker: string, header: RegExp): void {
  const { text } = scan;
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + marker.length)) {
    header.lastIndex = at;
    const head = header.exec(text)?.[0].length;
    if (head === undefined) continue;
    const begin = at + head;
    const { end, open } = endOfBody(text, begin);
    spend(scan, end - begin);
    const letters =
      text
        .slice(begin, end)
        .match(/[A-Za-z0-9+/]{16,}/g)
        ?.join("").length ?? 0;
    if (open) leaveOpen(scan, begin);
    if (letters < shortestBody) continue;
    hit(scan, begin, end, "private-key-block");
    if (open) scan.openBlock = begin;
  }
}

/** RFC 7468 blocks, OpenSSH's and OpenPGP's, from the header's end to the footer, or as far as it looks like one. */
export const findPemKeys = (scan: Scan): void => findBodies(scan, "-----BEGIN ", pem);

/** The private part of a PuTTY key file. */
export function findPuttyKeys(scan: Scan): void {
  const { text } = scan;
  for (let at = text.indexOf("Private-Lines: "); at >= 0; at = text.indexOf("Private-Lines: ", at + 15)) {
    putty.lastIndex = at;
    const [whole = "", lines = ""] = putty.exec(text) ?? [];
    const end = at + whole.length;
    if (lines.length >= shortestBody) hit(scan, end - lines.length, end, "private-key-block");
    if (whole.length > 0 && end === text.length) leaveOpen(scan, end - lines.length);
  }
}
