import type { ChatMessage, PortalDownFrame } from "@berth/contracts";

/** A line of the conversation. `delivery` is set on the person's own lines until the history shows that they arrived. */
export interface ChatLine extends ChatMessage {
  delivery?: "sending" | "accepted" | "failed";
  problem?: string;
}

export interface ChatState {
  /** Whether the agent's server is connected; null until realtime has said so. */
  agentLinked: boolean | null;
  historyRead: boolean;
  lines: ChatLine[];
  /** Answers that are still growing, whole so far. */
  answers: { runId: string; text: string }[];
  /** Requests that were accepted and have no answer yet. */
  waiting: string[];
  /** Goes up when the history should be read again: somebody else wrote, or Berth told the agent something. */
  staleness: number;
}

export type ChatAction =
  | { type: "frame"; frame: PortalDownFrame; at: string }
  | { type: "sent"; requestId: string; text: string; at: string }
  | { type: "lost" };

export const emptyChat: ChatState = {
  agentLinked: null,
  historyRead: false,
  lines: [],
  answers: [],
  waiting: [],
  staleness: 0,
};

/** The conversation after something happened. The agent's history is the truth; what came live fills it up until it is read. */
export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  if (action.type === "sent") return withSent(state, action);
  if (action.type === "lost") return withLinkLost(state);
  return withFrame(state, action.frame, action.at);
}

function withSent(state: ChatState, { requestId, text, at }: Extract<ChatAction, { type: "sent" }>): ChatState {
  const line: ChatLine = { id: requestId, role: "user", text, at, delivery: "sending" };
  return { ...state, lines: [...state.lines.filter(({ id }) => id !== requestId), line] };
}

/** What was under way may have arrived or not. The history will tell; until then it is not claimed. */
function withLinkLost(state: ChatState): ChatState {
  const problem = "The connection was lost before your agent confirmed this message.";
  return { ...state, agentLinked: null, lines: failSending(state, problem) };
}

const failSending = (state: ChatState, problem: string): ChatLine[] =>
  state.lines.map((line) => (line.delivery === "sending" ? { ...line, delivery: "failed", problem } : line));

function withFrame(state: ChatState, frame: PortalDownFrame, at: string): ChatState {
  switch (frame.type) {
    case "agent.link":
      return { ...state, agentLinked: frame.connected };
    case "chat.history":
      return withHistory(state, frame.messages);
    case "chat.accepted":
      return withAccepted(state, frame.requestId);
    case "chat.delta":
      return { ...state, answers: [...withoutRun(state, frame.runId), { runId: frame.runId, text: frame.text }] };
    case "chat.final":
      return withFinal(state, frame.runId, frame.message);
    case "chat.error":
      return withError(state, frame, at);
    case "error":
      return { ...state, lines: failSending(state, frame.message) };
    default:
      return state;
  }
}

const withoutRun = (state: ChatState, runId: string) => state.answers.filter((answer) => answer.runId !== runId);

function withHistory(state: ChatState, messages: ChatMessage[]): ChatState {
  const known = new Set(messages.map(({ id }) => id));
  const kept = state.lines.filter((line) => !known.has(line.id) && !isToldBy(messages, line));
  const lastAnswer = messages.findLastIndex(({ role }) => role === "assistant");
  const unanswered = new Set(messages.slice(lastAnswer + 1).map(({ id }) => id));
  return {
    ...state,
    historyRead: true,
    lines: [...messages, ...kept],
    answers: [],
    waiting: state.waiting.filter((id) => unanswered.has(id) || !known.has(id)),
  };
}

const sameMomentMs = 120_000;

/** The same answer can have another id in the history than it had live. */
const isToldBy = (messages: ChatMessage[], line: ChatLine): boolean =>
  line.role === "assistant" &&
  messages.some(
    ({ role, text, at }) =>
      role === "assistant" &&
      text.trim() === line.text.trim() &&
      Math.abs(Date.parse(at) - Date.parse(line.at)) < sameMomentMs,
  );

function withAccepted(state: ChatState, requestId: string): ChatState {
  const own = state.lines.some(({ id }) => id === requestId);
  if (!own) return { ...state, staleness: state.staleness + 1 }; // written in another tab or by a colleague
  const lines = state.lines.map((line) => {
    if (line.id !== requestId || !line.delivery) return line;
    const { problem: _solved, ...rest } = line;
    return { ...rest, delivery: "accepted" as const };
  });
  return { ...state, lines, waiting: [...state.waiting.filter((id) => id !== requestId), requestId] };
}

/** An answer to nothing that was asked here follows something this page has not seen. */
function withFinal(state: ChatState, runId: string, message: ChatMessage): ChatState {
  const asked = state.waiting.length > 0;
  const said = message.text.trim() !== "" && state.lines.every(({ id }) => id !== message.id);
  return {
    ...state,
    lines: said ? [...state.lines, message] : state.lines,
    answers: withoutRun(state, runId),
    waiting: state.waiting.slice(1),
    staleness: state.staleness + (asked ? 0 : 1),
  };
}

function withError(state: ChatState, frame: Extract<PortalDownFrame, { type: "chat.error" }>, at: string): ChatState {
  const { requestId, runId, message } = frame;
  if (runId) {
    const line: ChatLine = { id: `${runId}:error`, role: "notice", text: message, at };
    return {
      ...state,
      lines: [...state.lines, line],
      answers: withoutRun(state, runId),
      waiting: state.waiting.slice(1),
    };
  }
  const lines = state.lines.map((line) =>
    line.id === requestId && line.delivery ? { ...line, delivery: "failed" as const, problem: message } : line,
  );
  return { ...state, lines, waiting: state.waiting.filter((id) => id !== requestId) };
}
