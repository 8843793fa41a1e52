import { isIP } from "node:net";
import { isForbiddenAddress } from "./addresses.ts";
import { type Destination, destinationOf } from "./destination.ts";
import { Refusal } from "./refusal.ts";

/** A list of `HostRule`s, made ready. */
export interface AllowList {
  /**
   * Throws `Refusal` unless an entry allows this host with this port. `exact` is false when only a `*.suffix` does, so that
   * whoever asks chose the front of the name.
   */
  check(destination: Destination): { exact: boolean };
}

const tlsPort = 443;

interface Rule extends Destination {
  /** Names below `host`, not the host itself. */
  below: boolean;
}

function ruleOf(text: string): Rule[] {
  const below = text.startsWith("*.");
  const destination = destinationOf(below ? text.slice(2) : text, tlsPort);
  // An address counts only with its port: nobody lists a whole machine by accident.
  if (!destination || (isIP(destination.host) !== 0 && (below || !/:\d+$/.test(text)))) return [];
  return [{ ...destination, below }];
}

// The suffix begins with a dot, so that `notexample.com` is not below `example.com`.
const isFor = (rule: Rule, host: string): boolean =>
  rule.below ? host.endsWith(`.${rule.host}`) && isIP(host) === 0 : host === rule.host;

/** An entry that cannot be read allows nothing. */
export function createAllowList(rules: readonly string[]): AllowList {
  const known = rules.flatMap(ruleOf);
  return {
    check({ host, port }) {
      const named = known.filter((rule) => isFor(rule, host));
      if (isIP(host) !== 0 && (named.length === 0 || isForbiddenAddress(host))) throw new Refusal("address");
      if (named.length === 0) throw new Refusal("not_listed");
      const open = named.filter((rule) => rule.port === port);
      if (open.length === 0) throw new Refusal("port");
      return { exact: open.some((rule) => !rule.below) };
    },
  };
}
