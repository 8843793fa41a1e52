/** Longer than any escape sequence but a terminal's, of which the rest is seldom worth waiting for. */
const tailMax = 96;

const unfinished = [
  "%(?:25)*(?:2|[0-9a-f]|u[0-9a-f]{0,3})?",
  "\\\\+(?:u[0-9a-f]{0,4}|U[0-9a-f]{0,8}|[ux]\\{[0-9a-f]{0,8}|x[0-9a-f]{0,2}|[0-7]{0,3})?",
  "&(?:amp;)*(?:#(?:x[0-9a-f]{0,8}|[0-9]{0,9})|[a-z][a-z0-9]{0,30})?",
  "=[0-9a-f]{0,2}",
  "\\bu(?:\\+[0-9a-f]{0,6})?",
  "\\b0(?:x(?:[0-9a-f]{2})*[0-9a-f]?)?",
  "\\x1b(?:\\[[\\x20-\\x3f]*|[\\]PX^_][^\\x07\\x1b]*)?",
  "\\x9b[\\x20-\\x3f]*",
  "[\\ud800-\\udbff]",
];
const unfinishedEscape = new RegExp(`(?:${unfinished.join("|")})$`, "i");

/** Where an escape sequence begins that the end of the text cuts short, or may; the text's length if there is none. */
export function openEscapeAt(text: string): number {
  const from = Math.max(0, text.length - tailMax);
  const tail = unfinishedEscape.exec(text.slice(from));
  return tail ? from + tail.index : text.length;
}
