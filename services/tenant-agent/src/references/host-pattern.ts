import { isIP } from "node:net";
import { defaultPorts, type HttpTarget } from "./http-target.ts";

const patternShape = /^(\*\.)?([^*:/@?#\\\s]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;

/**
 * True if a request to `target` stays inside `pattern`: `api.example.com`, any name below `*.example.com`, either with a
 * port where it is not the scheme's own. Both sides are compared as the URL parser spells them, so that neither case,
 * punycode nor another spelling of an IP address makes a difference; a trailing dot is another name. What is no pattern
 * matches nothing.
 */
export function hostMatches(pattern: string, target: HttpTarget): boolean {
  const [, wildcard, name = "", port] = patternShape.exec(pattern) ?? [];
  const wanted = URL.parse(`https://${name}/`)?.hostname;
  if (!wanted) return false;
  if (target.port !== (port === undefined ? defaultPorts[target.scheme] : Number(port))) return false;
  if (wildcard === undefined) return target.host === wanted;
  // `*.com` would be half the world, and an address has no names below it.
  if (!wanted.includes(".") || isAddress(target.host)) return false;
  return target.host.endsWith(`.${wanted}`) && target.host.length > wanted.length + 1;
}

const isAddress = (host: string): boolean => host.startsWith("[") || isIP(host) !== 0;
