import { PortalDownFrame, type PortalUpFrame, type RealtimeTicket } from "@berth/contracts";

export type LinkState = "connecting" | "connected" | "reconnecting";

/** What is used of a `WebSocket`. */
export interface Socket {
  readonly readyState: number;
  send(data: string): void;
  close(): void;
  addEventListener(type: "open" | "close", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
}

export interface TenantLinkOptions {
  getTicket(): Promise<Pick<RealtimeTicket, "url">>;
  openSocket(url: string): Socket;
  onState(state: LinkState): void;
  onFrame(frame: PortalDownFrame): void;
  /** A ticket was refused or the Hub did not answer; the link goes on trying. */
  onProblem(thrown: unknown): void;
  /** Between 0 and 1. */
  random(): number;
  /** Calls back after so many milliseconds; answers how to call that off. */
  after(ms: number, call: () => void): () => void;
}

const open = 1;
const firstMs = 500;
const longestMs = 20_000;

/** Wait before the next attempt: doubling up to 20 s, with half of it left to chance so that not all come back at once. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + (ceiling / 2) * random();
}

/** The browser's line to one tenant. Each attempt takes a new ticket, for a ticket opens one socket only. */
export class TenantLink {
  readonly #options: TenantLinkOptions;
  #socket: Socket | null = null;
  #attempt = 0;
  #generation = 0;
  #callOff: () => void = () => undefined;

  constructor(options: TenantLinkOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.onState("connecting");
    void this.#connect();
  }

  stop(): void {
    this.#generation += 1;
    this.#callOff();
    this.#socket?.close();
    this.#socket = null;
  }

  /** Tries at once instead of waiting for its turn: the network is back, or somebody looks again. */
  retryNow(): void {
    if (this.#socket) return;
    this.#attempt = 0;
    void this.#connect();
  }

  /** False if there is no line at the moment; nothing is kept for later. */
  send(frame: PortalUpFrame): boolean {
    if (this.#socket?.readyState !== open) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #connect(): Promise<void> {
    this.#callOff();
    this.#generation += 1;
    const generation = this.#generation;
    const isCurrent = (): boolean => generation === this.#generation;
    try {
      const { url } = await this.#options.getTicket();
      if (!isCurrent()) return;
      this.#listen(this.#options.openSocket(url), isCurrent);
    } catch (thrown) {
      if (!isCurrent()) return;
      this.#options.onProblem(thrown);
      this.#comeBack();
    }
  }

  #listen(socket: Socket, isCurrent: () => boolean): void {
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (!isCurrent()) return;
      this.#attempt = 0;
      this.#options.onState("connected");
    });
    socket.addEventListener("message", ({ data }) => {
      const frame = isCurrent() ? frameOf(data) : null;
      if (frame) this.#options.onFrame(frame);
    });
    socket.addEventListener("close", () => {
      if (!isCurrent()) return;
      this.#socket = null;
      this.#comeBack();
    });
  }

  #comeBack(): void {
    this.#options.onState("reconnecting");
    const wait = backoffMs(this.#attempt, this.#options.random);
    this.#attempt += 1;
    this.#callOff = this.#options.after(wait, () => void this.#connect());
  }
}

/** A frame of a newer Hub that this page does not know is left out. */
function frameOf(data: unknown): PortalDownFrame | null {
  try {
    return PortalDownFrame.safeParse(JSON.parse(String(data))).data ?? null;
  } catch {
    return null;
  }
}
