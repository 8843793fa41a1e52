import { type ChatFact, type PortalDownFrame as Frame, PortalDownFrame, type PortalUpFrame } from "@berth/contracts";
import { fail } from "@berth/platform";

type Waiter = { match: (frame: Frame) => boolean; resolve: (frame: Frame) => void };

/** The portal's side of the chat: everything that came is kept, so that nothing is missed between two waits. */
export class Chat {
  readonly #socket: WebSocket;
  readonly #seen: Frame[] = [];
  readonly #waiters = new Set<Waiter>();
  #sent = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", (event) => {
      const frame = PortalDownFrame.parse(JSON.parse(String(event.data)));
      this.#seen.push(frame);
      for (const waiter of this.#waiters) if (waiter.match(frame)) waiter.resolve(frame);
    });
  }

  static async open(url: string): Promise<Chat> {
    const socket = new WebSocket(url);
    const chat = new Chat(socket);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve(), { once: true });
      socket.addEventListener("error", () => reject(new Error("the chat's socket did not open")), { once: true });
    });
    return chat;
  }

  get frames(): readonly Frame[] {
    return this.#seen;
  }
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Waits for a frame, from `after` (an index into `frames`) on. */
  async waitFor(match: (frame: Frame) => boolean, after: number, timeoutMs: number, what: string): Promise<Frame> {
    const seen = this.#seen.slice(after).find(match);
    if (seen) return seen;
    let waiter: Waiter | undefined;
    const timeout = AbortSignal.timeout(timeoutMs);
    return new Promise<Frame>((resolve, reject) => {
      waiter = { match, resolve };
      this.#waiters.add(waiter);
      const give = () =>
        reject(new Error(`${what} did not come within ${timeoutMs} ms. Came: ${this.#describe(after)}`));
      timeout.addEventListener("abort", give, { once: true });
    }).finally(() => waiter && this.#waiters.delete(waiter));
  }

  #describe(after: number): string {
    return JSON.stringify(this.#seen.slice(after)).slice(0, 1500);
  }

  /** Says something and waits for the whole answer. Deltas that came on the way are counted. */
  async say(text: string, timeoutMs = 60_000): Promise<{ answer: string; deltas: number }> {
    const after = this.#seen.length;
    const requestId = `walk-${++this.#sent}`;
    this.#send({ type: "chat.send", requestId, text });
    const isAnswer = (frame: Frame): boolean =>
      frame.type === "chat.final" || (frame.type === "chat.error" && (frame.requestId ?? requestId) === requestId);
    const frame = await this.waitFor(isAnswer, after, timeoutMs, "the answer");
    if (frame.type !== "chat.final") fail("unavailable", `The chat answered with an error: ${JSON.stringify(frame)}`);
    const deltas = this.#seen.slice(after).filter((seen) => seen.type === "chat.delta").length;
    return { answer: frame.message.text, deltas };
  }

  async history(limit = 50): Promise<Extract<ChatFact, { type: "chat.history" }>["messages"]> {
    const after = this.#seen.length;
    const requestId = `walk-${++this.#sent}`;
    this.#send({ type: "chat.history", requestId, limit });
    const frame = await this.waitFor(
      (seen) => seen.type === "chat.history" && seen.requestId === requestId,
      after,
      20_000,
      "the history",
    );
    return frame.type === "chat.history" ? frame.messages : [];
  }

  #send(frame: PortalUpFrame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.#socket.close();
  }
}
