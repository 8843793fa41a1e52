import type { EgressRefusal } from "@berth/contracts";

/** Status of the answer, and what the client reads. Neither names a path or a query. */
const refusals: Record<EgressRefusal, { status: number; words: string; byPolicy: boolean }> = {
  not_listed: { status: 403, words: "the host is not on the list of allowed hosts", byPolicy: true },
  port: { status: 403, words: "this port is not allowed for this host", byPolicy: true },
  address: { status: 403, words: "an address instead of a name", byPolicy: true },
  unreadable: { status: 400, words: "the destination cannot be read", byPolicy: true },
  secret_in_name: { status: 403, words: "the name of the host holds a secret", byPolicy: true },
  private_address: { status: 403, words: "the name leads to an address that is not public", byPolicy: true },
  no_greeting: { status: 403, words: "no TLS greeting came", byPolicy: true },
  other_server: { status: 403, words: "the TLS greeting names another server", byPolicy: true },
  hidden_server: { status: 403, words: "the TLS greeting hides the server's name (ECH)", byPolicy: true },
  method: { status: 403, words: "the way it was asked is not served here", byPolicy: true },
  not_ready: { status: 503, words: "the proxy lets nothing out at the moment", byPolicy: false },
  abandoned: { status: 400, words: "the client left before it had said all", byPolicy: false },
  no_address: { status: 502, words: "the name has no address", byPolicy: false },
  unreachable: { status: 502, words: "the destination could not be reached", byPolicy: false },
};

/** A destination that is not served. */
export class Refusal extends Error {
  readonly reason: EgressRefusal;
  readonly status: number;
  /** False for faults and load, which are no news about what somebody tried. */
  readonly byPolicy: boolean;
  constructor(reason: EgressRefusal) {
    const { status, words, byPolicy } = refusals[reason];
    super(words);
    this.name = "Refusal";
    this.reason = reason;
    this.status = status;
    this.byPolicy = byPolicy;
  }
}

export const refusalOf = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal("unreachable"));
