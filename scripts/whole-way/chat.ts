import { setTimeout as delay } from "node:timers/promises";
import {
  type ChatFact,
  type ChatMessage,
  type PortalDownFrame as Frame,
  PortalDownFrame,
  type PortalUpFrame,
} from "@berth/contracts";
import { AppError, fail, randomToken } from "@berth/platform";

export interface Said {
  answer: string;
  /** Pieces of this answer that came while it grew; none if a cut link hid them. */
  deltas: number;
}

/** The agent took the message and its answer will not come; a person would ask again. */
export class Unanswered extends AppError {
  constructor(reason: string) {
    super("unavailable", `The message was not answered: ${reason}`);
    this.name = "Unanswered";
  }
}

const againMs = 400;
/** How long a message that the agent has may stay without an answer before a person gives up on it. */
const quietMs = 60_000;
/** Runs with such an id are the agent's reports on what Berth told it. */
const wakePrefix = "berth-wake-";

/**
 * The portal's side of the chat. It keeps a socket open as the portal does: a lost one is opened again with a new ticket, and
 * what was missed is read from the history.
 */
export class Chat {
  readonly #ticketUrl: () => Promise<string>;
  readonly #seen: Frame[] = [];
  readonly #listeners = new Set<() => void>();
  #socket: WebSocket | null = null;
  #agentLinked = false;
  /** How often the line to the agent was lost. */
  #losses = 0;
  #closed = false;

  /** `ticketUrl` gets the address of one more socket. */
  constructor(ticketUrl: () => Promise<string>) {
    this.#ticketUrl = ticketUrl;
    void this.#keepOpen();
  }

  /** Everything that came, over all links. */
  get frames(): readonly Frame[] {
    return this.#seen;
  }

  /** Waits until a socket is open and the agent's server is connected to its other end. */
  async untilLinked(timeoutMs = 120_000): Promise<void> {
    await this.#until(() => this.#agentLinked, timeoutMs, "the line to the agent");
  }

  /**
   * Says something and waits for the whole answer, over any number of cut links. `onAccepted` runs beside the wait once the
   * agent has the message. Throws `Unanswered` if the turn broke off.
   */
  async say(text: string, onAccepted: () => Promise<void> = async () => undefined): Promise<Said> {
    const requestId = `walk-${randomToken(9)}`;
    const accepted = (frame: Frame) => frame.type === "chat.accepted" && frame.requestId === requestId;
    const from = this.#seen.length;
    const beside = this.#until(() => this.#seen.slice(from).some(accepted), 180_000, "the agent's yes").then(
      onAccepted,
    );
    const [said] = await Promise.all([this.#untilAnswered(requestId, text, from), beside]);
    return said;
  }

  async #untilAnswered(requestId: string, text: string, from: number): Promise<Said> {
    let known = false;
    for (;;) {
      await this.untilLinked();
      const losses = this.#losses;
      const past = await this.#historyOf(requestId);
      if (past === "cut") continue;
      if (past?.answer !== undefined) return { answer: past.answer, deltas: this.#deltasSince(from) };
      known ||= past !== null;
      if (!known && !this.#send({ type: "chat.send", requestId, text })) continue;
      const sentAt = this.#seen.length;
      const news = await this.#until(
        () => this.#answerTo(requestId, from, sentAt) ?? (this.#losses === losses ? null : "cut"),
        quietMs,
        "an answer",
      ).catch((error: unknown) => {
        if (error instanceof Unanswered) throw error;
        throw new Unanswered(error instanceof Error ? error.message : "");
      });
      if (news === "cut") continue;
      if (news === "refused") await delay(againMs);
      else return { answer: news.answer, deltas: this.#deltasSince(from) };
    }
  }

  /**
   * The end of this request among the frames since `from`; it counts as refused only if that came after `sentAt`. A gateway
   * that was killed goes on with a turn under an id of its own, so any answer that is not a report is this one's.
   */
  #answerTo(requestId: string, from: number, sentAt: number): { answer: string } | "refused" | null {
    for (const frame of this.#seen.slice(from)) {
      if (frame.type === "chat.final" && isAnswer(frame.message)) return { answer: frame.message.text };
      if (frame.type === "chat.error" && frame.runId === requestId) throw new Unanswered(frame.message);
    }
    const refused = (frame: Frame) => frame.type === "chat.error" && frame.requestId === requestId;
    return this.#seen.slice(sentAt).some(refused) ? "refused" : null;
  }

  #deltasSince(from: number): number {
    return this.#seen.slice(from).filter((frame) => frame.type === "chat.delta").length;
  }

  /** What the history knows of a request; null: it never arrived. */
  async #historyOf(requestId: string): Promise<{ answer?: string } | "cut" | null> {
    const messages = await this.#askHistory();
    if (messages === null) return "cut";
    const at = messages.findIndex(({ id }) => id === requestId);
    if (at < 0) return null;
    const answer = messages.slice(at).find(isAnswer);
    return answer ? { answer: answer.text } : {};
  }

  /** The conversation so far, as the agent's server has it. */
  async history(): Promise<ChatMessage[]> {
    for (;;) {
      await this.untilLinked();
      const messages = await this.#askHistory();
      if (messages) return messages;
      await delay(againMs);
    }
  }

  /** Null if the line was cut, or the gateway behind it is away. */
  async #askHistory(): Promise<ChatMessage[] | null> {
    const requestId = `walk-history-${randomToken(6)}`;
    const losses = this.#losses;
    if (!this.#send({ type: "chat.history", requestId, limit: 50 })) return null;
    const mine = (frame: Frame): frame is Extract<ChatFact, { type: "chat.history" | "chat.error" }> =>
      (frame.type === "chat.history" || frame.type === "chat.error") && frame.requestId === requestId;
    const came = () => this.#seen.find(mine) ?? (this.#losses === losses ? null : "cut");
    const frame = await this.#until(came, 60_000, "the history");
    if (frame === "cut") return null;
    if (frame.type === "chat.history") return frame.messages;
    await delay(againMs);
    return null;
  }

  /** Waits for a message of the conversation, whether it comes now or came while no socket was open. */
  async untilMessage(
    matches: (message: ChatMessage) => boolean,
    timeoutMs: number,
    what: string,
  ): Promise<ChatMessage> {
    const live = () => {
      const found = this.#seen.findLast((frame) => frame.type === "chat.final" && matches(frame.message));
      return found?.type === "chat.final" ? found.message : null;
    };
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const past = (await this.history()).find(matches);
      if (past) return past;
      const losses = this.#losses;
      const left = Math.max(1, deadline - performance.now());
      const news = await this.#until(() => live() ?? (this.#losses === losses ? null : "cut"), left, what);
      if (news !== "cut") return news;
    }
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  #send(frame: PortalUpFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #keepOpen(): Promise<void> {
    while (!this.#closed) {
      const url = await this.#ticketUrl().catch(() => null);
      if (url && !this.#closed) await this.#hold(new WebSocket(url));
      if (!this.#closed) await delay(againMs);
    }
  }

  #hold(socket: WebSocket): Promise<void> {
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#take(PortalDownFrame.parse(JSON.parse(String(event.data)))));
    return new Promise((resolve) => {
      socket.addEventListener("close", () => {
        this.#setLinked(false);
        resolve();
      });
    });
  }

  #take(frame: Frame): void {
    this.#seen.push(frame);
    if (frame.type === "agent.link") this.#setLinked(frame.connected);
    this.#tell();
  }

  #setLinked(linked: boolean): void {
    if (this.#agentLinked && !linked) this.#losses += 1;
    this.#agentLinked = linked;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Asks `probe` after each frame and each loss until it answers something. Throws what it throws, or at the deadline. */
  #until<T>(probe: () => T, timeoutMs: number, what: string): Promise<NonNullable<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<T>>();
    const look = (): void => {
      try {
        const answer = probe();
        if (answer) resolve(answer);
      } catch (error) {
        reject(error);
      }
    };
    const late = () => reject(lateError(what, timeoutMs, this.#seen));
    const timer = setTimeout(late, timeoutMs);
    this.#listeners.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(look);
    });
  }
}

const isAnswer = ({ role, id }: ChatMessage): boolean => role === "assistant" && !id.startsWith(wakePrefix);

function lateError(what: string, timeoutMs: number, seen: readonly Frame[]): AppError {
  const last = JSON.stringify(seen.slice(-8)).slice(0, 1500);
  return new AppError("unavailable", `${what} did not come within ${Math.round(timeoutMs)} ms. Last came: ${last}`);
}

/** Asks again, as a person would, until `check` is content with what the answer says or did. */
export async function insist(
  ask: () => Promise<Said>,
  check: (said: Said) => boolean | Promise<boolean>,
  untilReady: () => Promise<unknown>,
): Promise<Said> {
  let last = "";
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const said = await ask().catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error;
      last = error.message;
      return null;
    });
    if (said && (await check(said))) return said;
    if (said) last = said.answer;
    await untilReady();
  }
  return fail("unavailable", `Asked four times, the last answer was: ${last}`);
}
