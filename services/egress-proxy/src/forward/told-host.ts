import { isIP } from "node:net";
import type { Redactor } from "@berth/redaction";
import type { Destination } from "./destination.ts";

export interface HostTeller {
  /** The host as log, audit and Hub may have it. `asked` is the destination's text as it came. */
  tell(asked: string, destination: Destination | null): string;
}

const labelCharsMax = 24;
const runChars = 12;
const withheld = "(a name with a secret in it)";

/** The last two labels, or three under a country's second level (`example.co.uk`); what is before them is cut. */
function lastLabels(host: string): string {
  const labels = host.split(".");
  const [second = "", top = ""] = labels.slice(-2);
  const kept = labels.slice(top.length === 2 && second.length <= 3 ? -3 : -2);
  const shown = kept.map((label) => (label.length > labelCharsMax ? "…" : label)).join(".");
  return labels.length > kept.length ? `*.${shown}` : shown;
}

/** Every stretch of 12 characters. */
const runsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - runChars + 1) }, (_, at) => text.slice(at, at + runChars));

/**
 * A host name is a place to hide a payload in (`<secret>.example.net`), and it is told to the Hub. So the front labels are
 * never told, and nothing that repeats a stretch of a secret, in whatever case: names lose it on the way.
 */
export function createHostTeller(secrets: readonly { value: string }[], redactor: Redactor): HostTeller {
  let lowered: string | null = null;
  const repeatsSecret = (text: string): boolean => {
    lowered ??= secrets.map(({ value }) => value.toLowerCase()).join("\n");
    const all = lowered;
    return runsOf(text).some((run) => all.includes(run));
  };
  return {
    tell(asked, destination) {
      if (!destination) return "(unreadable)";
      const { host } = destination;
      if (isIP(host) === 4) return host;
      if (isIP(host) === 6) return "(an IPv6 address)";
      const told = lastLabels(host);
      const hidden = redactor.redactText(asked) !== asked || redactor.redactText(host) !== host;
      return hidden || repeatsSecret(told.replace(/^\*\./, "")) ? withheld : told;
    },
  };
}
