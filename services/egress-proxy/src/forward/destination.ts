export interface Destination {
  /** Lower case, without brackets and final dot; numeric spellings of an address are written out. */
  host: string;
  port: number;
}

/** `authority` as in a CONNECT line or an absolute URL; null if it cannot be read. */
export function destinationOf(authority: string, defaultPort: number): Destination | null {
  if (/[/@?#\s\\]/.test(authority)) return null;
  // The URL parser knows the many ways to write an IPv4 address (0x7f.1, 2130706433).
  const url = URL.parse(`http://${authority}`);
  if (!url?.hostname) return null;
  // It drops port 80, which it takes for the default.
  const explicit = /:(\d{1,5})$/.exec(authority)?.[1];
  const port = explicit === undefined ? defaultPort : Number(explicit);
  if (port < 1 || port > 65_535) return null;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return host === "" ? null : { host, port };
}
