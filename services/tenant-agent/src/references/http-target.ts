import { secretRefPattern } from "@berth/policy";

/** Where a request goes, as the WHATWG URL parser reads it: lower case, punycode, IP addresses in their one spelling. */
export interface HttpTarget {
  scheme: "http" | "https";
  /** Brackets around an IPv6 address. */
  host: string;
  port: number;
}

/** A letter that no escape takes in (`%5A` would need the percent sign before it) and no host name is changed by. */
const mark = "zsecretrefz";

/**
 * The target of an address that may hold references after the host. A string says, for the model, why there is none: the
 * host must be known before any value is, or a value could choose it.
 */
export function httpTargetOf(address: string): HttpTarget | string {
  const url = URL.parse(address.replace(secretRefPattern, mark));
  const refs = address.match(secretRefPattern);
  if (url === null) {
    return refs === null
      ? "The address is not a valid URL."
      : `The address is not a valid URL; ${refs[0]} can stand in its path and query, not in scheme, host or port.`;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return "Only http and https addresses can be called.";
  if (url.hostname.includes(mark)) return `${refs?.[0]} cannot be part of the host's name.`;
  if (url.username !== "" || url.password !== "") return "Put credentials into a header, not into the address.";
  const scheme = url.protocol === "https:" ? "https" : "http";
  return { scheme, host: url.hostname, port: url.port === "" ? defaultPorts[scheme] : Number(url.port) };
}

export const defaultPorts = { http: 80, https: 443 } as const;

/** `host`, or `host:port` for a port that the scheme does not imply. */
export const shownTarget = ({ scheme, host, port }: HttpTarget): string =>
  port === defaultPorts[scheme] ? host : `${host}:${port}`;
