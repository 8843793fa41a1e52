import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BerthTool } from "@berth/contracts";
import { untilTrue } from "@berth/platform";
import { connectGateway } from "@berth/testkit/openclaw";
import { afterEach, describe, expect, it } from "vitest";
import { harmlessNativeTools } from "./floor.ts";
import { startWorld, type World } from "./test-doubles/world.ts";

/** Ways in which the wrapper can be missing while the gateway itself comes up. */
const breakages: [string, Parameters<typeof startWorld>[0]][] = [
  ["throws on load", { tamper: (dir) => writeFileSync(join(dir, "index.js"), 'throw new Error("broken wrapper");\n') }],
  [
    "throws in register",
    {
      tamper: (dir) =>
        writeFileSync(
          join(dir, "index.js"),
          'export default { id: "safety-wrapper", register() { throw new Error("broken"); } };\n',
        ),
    },
  ],
  ["is gone from the disk", { tamper: (dir) => rmSync(dir, { recursive: true }) }],
  [
    "is removed from the configuration",
    { configure: (config) => ({ ...config, plugins: { enabled: true, allow: [], slots: { memory: "none" } } }) },
  ],
];

describe("a gateway without a working wrapper", () => {
  let world: World | undefined;
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });

  it.each(breakages)("has no model and no tool that acts when the wrapper %s", async (_name, broken) => {
    world = await startWorld({ ...broken, withoutPresence: true });
    const { proxy, rpc } = world;
    for (const tool of [...BerthTool.options, "exec", "write", "apply_patch", "process"]) {
      expect((await world.invoke(tool, { command: "id" })).status, tool).toBe(404);
    }
    await rpc.call("chat.send", { sessionKey: "agent:main:main", message: "go", idempotencyKey: "k" });
    await untilTrue(() => proxy.refused > 0, { timeoutMs: 60_000, what: "a refused LLM request" });
    expect(proxy.presence()).toBe(0);
    expect(proxy.requests).toEqual([]);
    expect(world.agent.gated).toEqual([]);
  });

  it("gives the model harmless tools at most, even if a proxy were to serve it", async () => {
    world = await startWorld({ ...breakages[0]![1], withoutPresence: true });
    const line = await fetch(`http://127.0.0.1:${world.proxy.llmPort}/berth/presence`);
    const [request] = await world.converse({ turns: [] });
    const names = request?.tools?.map((tool) => tool.name) ?? [];
    expect(names.filter((name) => !harmlessNativeTools.has(name))).toEqual([]);
    await line.body?.cancel();
  });
});

describe("the gateway's token", () => {
  it("is read from a private file, so that the configuration holds no secret", async () => {
    const world = await startWorld({ tokenSource: "file" });
    try {
      expect((await world.invoke("run_command", { command: "ls" })).status).toBe(200);
      const stranger = connectGateway({ port: world.gateway.port, token: "wrong" });
      await expect(stranger).rejects.toThrow();
    } finally {
      await world.stop();
    }
  });
});
