import type { ChatMessage, PortalDownFrame } from "@berth/contracts";
import { expect, test } from "vitest";
import { type ChatAction, type ChatState, chatReducer, emptyChat } from "./chat-state.ts";

const at = "2026-01-01T10:00:00Z";
const frame = (body: PortalDownFrame): ChatAction => ({ type: "frame", frame: body, at });
const sent = (requestId: string, text = "hello"): ChatAction => ({ type: "sent", requestId, text, at });
const after = (...actions: ChatAction[]): ChatState => actions.reduce(chatReducer, emptyChat);
const message = (id: string, role: ChatMessage["role"], text: string): ChatMessage => ({ id, role, text, at });
const accepted = (requestId: string) => frame({ type: "chat.accepted", requestId });
const delta = (runId: string, text: string) => frame({ type: "chat.delta", runId, text });
const final = (runId: string, text: string) =>
  frame({ type: "chat.final", runId, message: message(`${runId}:answer`, "assistant", text) });
const history = (...messages: ChatMessage[]) => frame({ type: "chat.history", requestId: "h", messages });

test("a growing answer holds only the newest text and ends as one line", () => {
  const growing = after(sent("a"), accepted("a"), delta("r1", "Hel"), delta("r1", "Hello"));
  expect(growing.answers).toEqual([{ runId: "r1", text: "Hello" }]);
  const done = chatReducer(growing, final("r1", "Hello there"));
  expect(done.answers).toEqual([]);
  expect(done.waiting).toEqual([]);
  expect(done.lines.map((line) => line.text)).toEqual(["hello", "Hello there"]);
});

test("a repeated final is one line", () => {
  expect(after(final("r1", "Hi"), final("r1", "Hi")).lines).toHaveLength(1);
});

test("the history takes the place of what came live, without doubles", () => {
  const live = after(sent("a"), accepted("a"), final("r1", "Done."));
  const read = chatReducer(live, history(message("a", "user", "hello"), message("other-id", "assistant", "Done.")));
  expect(read.lines.map((line) => line.id)).toEqual(["a", "other-id"]);
  expect(read.lines.every((line) => line.delivery === undefined)).toBe(true);
});

test("a message that the history does not know yet stays below it", () => {
  const read = after(sent("new"), history(message("old", "user", "before")));
  expect(read.lines.map((line) => line.id)).toEqual(["old", "new"]);
});

test("a lost link claims nothing, and the history settles what had arrived after all", () => {
  const lost = after(sent("a"), sent("b"), accepted("b"), { type: "lost" });
  expect(lost.lines.map((line) => line.delivery)).toEqual(["failed", "accepted"]);
  expect(lost.agentLinked).toBeNull();
  const back = chatReducer(lost, history(message("a", "user", "hello"), message("b", "user", "hello")));
  expect(back.lines.map((line) => line.delivery)).toEqual([undefined, undefined]);
  expect(back.waiting).toEqual(["b"]);
});

test("sending again under the same id is one line", () => {
  const again = after(sent("a"), { type: "lost" }, sent("a"));
  expect(again.lines).toEqual([expect.objectContaining({ id: "a", delivery: "sending" })]);
});

test("an answer that came while the link was gone ends the waiting", () => {
  const back = after(
    sent("a"),
    accepted("a"),
    delta("r1", "Wor"),
    { type: "lost" },
    history(message("a", "user", "hello"), message("r1:answer", "assistant", "Working.")),
  );
  expect(back.waiting).toEqual([]);
  expect(back.answers).toEqual([]);
});

test("what was not asked here asks for the history: another tab's message, or an answer to Berth's own word", () => {
  expect(after(accepted("from-another-tab")).staleness).toBe(1);
  expect(after(final("wake", "Report: done")).staleness).toBe(1);
  expect(after(sent("a"), accepted("a"), final("r1", "ok")).staleness).toBe(0);
});

test("a refused message says why and keeps its text", () => {
  const refused = after(
    sent("a", "my words"),
    frame({ type: "chat.error", requestId: "a", message: "Not connected." }),
  );
  expect(refused.lines).toEqual([
    expect.objectContaining({ text: "my words", delivery: "failed", problem: "Not connected." }),
  ]);
});

test("a turn that broke off becomes a notice and leaves no half answer", () => {
  const broken = after(
    sent("a"),
    accepted("a"),
    delta("r1", "Half"),
    frame({ type: "chat.error", runId: "r1", message: "The turn ended early." }),
  );
  expect(broken.answers).toEqual([]);
  expect(broken.waiting).toEqual([]);
  expect(broken.lines.at(-1)).toMatchObject({ role: "notice", text: "The turn ended early." });
});

test("the agent's link is shown as it is, and unknown while the socket is gone", () => {
  const linked = after(frame({ type: "agent.link", connected: true }));
  expect(linked.agentLinked).toBe(true);
  expect(chatReducer(linked, { type: "lost" }).agentLinked).toBeNull();
});

test("a refusal by realtime itself fails what is being sent and nothing else", () => {
  const refused = after(
    frame({ type: "agent.link", connected: true }),
    sent("a"),
    frame({ type: "error", code: "rate_limited", message: "Too many messages at once." }),
  );
  expect(refused).toMatchObject({ agentLinked: true, lines: [{ delivery: "failed" }] });
});
