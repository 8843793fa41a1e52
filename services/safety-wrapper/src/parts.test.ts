import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floorRefusal } from "./floor.ts";
import { createGatedCalls } from "./gated-calls.ts";
import { agentOf, createTriggerMemory, originOf } from "./origin.ts";
import { collectTexts, replaceTexts, withholdTexts } from "./texts.ts";
import { createUsageCount } from "./usage-count.ts";

describe("texts of a message", () => {
  const message = {
    role: "toolResult",
    toolCallId: "call_1",
    content: [
      { type: "text", text: "a secret" },
      { type: "toolCall", name: "x", arguments: { command: "echo a secret" } },
    ],
    details: { lines: ["one", 2, null] },
    timestamp: 1,
  };

  it("are replaced in place, with structure and numbers untouched", () => {
    const texts = collectTexts(message);
    expect(texts).toEqual(["a secret", "echo a secret", "one"]);
    expect(
      replaceTexts(
        message,
        texts.map((text) => text.toUpperCase()),
      ),
    ).toEqual({
      ...message,
      content: [
        { type: "text", text: "A SECRET" },
        { type: "toolCall", name: "x", arguments: { command: "ECHO A SECRET" } },
      ],
      details: { lines: ["ONE", 2, null] },
    });
  });

  it("go back where they came from, whatever the message", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(replaceTexts(value, collectTexts(value))).toEqual(value);
      }),
    );
  });

  it("are all gone when they are withheld", () => {
    expect(JSON.stringify(withholdTexts(message))).not.toMatch(/a secret|"one"/);
  });

  it("are not replaced by too few", () => {
    expect(() => replaceTexts(message, ["a"])).toThrow("fewer texts");
  });
});

describe("the floor", () => {
  it("refuses what is not Berth's, and lets the agent's gate judge the rest", () => {
    expect(floorRefusal("exec", {})).toContain("not available");
    expect(floorRefusal("tool_call", { id: "exec" })).toContain("not available");
    expect(floorRefusal("run_command", { command: "berth-gate-probe abc" })).toBe("gate-probe-refused abc");
    expect(floorRefusal("run_command", { cmd: "ls" })).toContain("Refused");
    expect([floorRefusal("run_command", { command: "rm a" }), floorRefusal("sessions_list", {})]).toEqual([null, null]);
  });
});

describe("the origin of a call", () => {
  it.each([
    [{ sessionKey: "agent:main:main" }, "c", undefined, "person"],
    [{ sessionKey: "agent:main:cron:j:run:s" }, "c", undefined, "cron"],
    [{ sessionKey: "agent:main:main" }, "c", "heartbeat", "heartbeat"],
    [{ sessionKey: "agent:main:subagent:x" }, "c", "user", "sub_agent"],
    [{ sessionKey: "agent:main:main", requester: { channel: "telegram" } }, "c", "user", "channel"],
    [{ sessionKey: "agent:main:main" }, "http-direct-operator-1", undefined, "probe"],
    [{}, "c", undefined, "unknown"],
  ] as const)("%j with call %s and trigger %s is %s", (context, id, trigger, origin) => {
    expect(originOf(context, id, trigger)).toBe(origin);
  });

  it("names the agent from the session when the gateway does not", () => {
    expect([agentOf({ agentId: "a" }), agentOf({ sessionKey: "agent:b:main" }), agentOf({})]).toEqual([
      "a",
      "b",
      "main",
    ]);
  });

  it("forgets old runs, so that memory stays bounded", () => {
    const memory = createTriggerMemory(2);
    for (const runId of ["a", "b", "c"]) memory.note({ runId, trigger: "cron" });
    expect([memory.of("a"), memory.of("c"), memory.of(undefined)]).toEqual([undefined, "cron", undefined]);
  });
});

describe("gated calls", () => {
  const call = {
    toolCallId: "1",
    tool: "file",
    args: { path: "a" },
    agent: "main",
    sessionKey: "s",
    runId: null,
    origin: "person",
  } as const;

  it("run once, and only exactly as they were let through", () => {
    const gated = createGatedCalls();
    gated.admit(call);
    expect(gated.take("other", "1", "file", { path: "a" })).toBeNull();
    expect(gated.take("s", "1", "file", { path: "a" })).toEqual(call);
    expect(gated.take("s", "1", "file", { path: "a" })).toBeNull();
    gated.admit(call);
    expect(gated.take("s", "1", "file", { path: "b" })).toBeNull();
    expect(gated.take("s", "1", "file", { path: "a" })).toBeNull();
  });
});

describe("the usage count", () => {
  it("adds up per model and kind, and gives back what was not delivered", () => {
    const count = createUsageCount();
    count.add("main", { model: "m", usage: { input: 1, output: 2, cacheRead: 0 } });
    count.add("main", { model: "m", usage: { input: 10 } });
    count.add("main", { model: "m" });
    count.add("main", "nonsense");
    const taken = count.take();
    expect(taken).toEqual([
      { agent: "main", model: "m", kind: "input", tokens: 11 },
      { agent: "main", model: "m", kind: "output", tokens: 2 },
    ]);
    expect(count.take()).toEqual([]);
    count.restore(taken);
    expect(count.take()).toEqual(taken);
  });
});
