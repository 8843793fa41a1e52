/** A destination that is not served. `message` is for the client and the log; it names no path and no query. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.name = "Refusal";
    this.status = status;
  }
}
