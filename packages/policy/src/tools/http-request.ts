import { findSecretRefs, withPlaceholders } from "../secret-refs.ts";

interface HttpArgs {
  method: string;
  url: string;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
}

/** Names and numbers of this machine, its network and its provider; the proxy's allow-list is apart from this. */
const insideName = /^(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))\.?$/i;
const insideV4 =
  /^(?:0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|192\.0\.0\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|198\.1[89]\.|22[4-9]\.|2[3-5]\d\.)/;
const insideV6 = /^\[(?:::|f[cdef]|64:ff9b:|2002:)/i;

export function httpFindings(args: HttpArgs): string[] {
  const { method, url, body } = args;
  const ids = [methodFinding(method, body)];
  if (findSecretRefs(url).names.length > 0) ids.push("secret.stored");
  const address = URL.parse(withPlaceholders(url));
  if (address === null || !/^https?:$/.test(address.protocol)) return [...ids, "http.odd-address"];
  if (address.username !== "" || address.password !== "") ids.push("http.odd-address");
  if (address.protocol === "http:" && findSecretRefs(args).names.length > 0) ids.push("secret.in-clear");
  const host = address.hostname;
  if (insideName.test(host) || insideV4.test(host) || insideV6.test(host) || !/[.\]]/.test(host))
    ids.push("http.inside");
  return ids;
}

function methodFinding(method: string, body: string | undefined): string {
  if (method === "DELETE") return "http.delete";
  return (method === "GET" || method === "HEAD") && (body === undefined || body === "") ? "http.read" : "http.write";
}
