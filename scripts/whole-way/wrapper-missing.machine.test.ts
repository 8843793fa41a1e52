import { missingRequirements } from "@berth/cloud";
import { ProxyState } from "@berth/contracts";
import { randomToken, untilTrue } from "@berth/platform";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { becomeCustomer } from "./become-customer.ts";
import { untilHealthy } from "./chat-and-approve.ts";
import { StepLog } from "./step-log.ts";
import { serverOf } from "./testing/killer.ts";
import type { ServerUnits } from "./testing/server-units.ts";
import { readTenant, tokensAtProvider } from "./usage.ts";
import type { Visitor } from "./visitor.ts";
import { startWalkStack, type WalkStack } from "./walk-stack.ts";

const missing = missingRequirements();
if (missing.length > 0 && process.env.BERTH_TEST_REQUIRE === "all") throw new Error(missing.join(" "));

const wrapper = "/opt/safety-wrapper";
const damages = [
  ["removed from the disk", `rm -r ${wrapper}`],
  ["broken", `echo 'export default {' > ${wrapper}/index.js`],
  ["throwing on load", `sed -i '1i throw new Error("broken on load");' ${wrapper}/index.js`],
  [
    "loaded, and throwing as it registers",
    `sed -i 's/=> registerWrapper(api)/=> registerWrapper(null)/' ${wrapper}/index.js`,
  ],
] as const;

describe.skipIf(missing.length > 0)("a gateway whose safety wrapper is", () => {
  let walkStack: WalkStack;
  let server: ServerUnits;
  let portal: Visitor;
  const say = () => undefined;

  const asAgent = "runuser -u berth-agent --";
  const proxyState = async (): Promise<ProxyState> => {
    const curl = "curl -sf --unix-socket /run/berth/proxy/control.sock http://proxy/v1/state";
    return ProxyState.parse(JSON.parse(await server.shell(`${asAgent} ${curl}`)));
  };
  /** A request to the model as the gateway would send it; answers the HTTP status. */
  const askModel = async (): Promise<number> => {
    const body = { model: "claude-sonnet-4-5", max_tokens: 50, messages: [{ role: "user", content: "hello" }] };
    const url = "http://127.0.0.1:18790/llm/main/anthropic/v1/messages";
    const headers = "-H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' -H 'x-api-key: dummy'";
    const curl = `curl -s -o /dev/null -w '%{http_code}' ${headers} --data-binary @- ${url}`;
    return Number(await server.shell(`runuser -u openclaw -- ${curl}`, JSON.stringify(body)));
  };
  /** A harmless tool call straight to the gateway, with its own token; answers the HTTP status, 0 if nobody listens. */
  const runTool = async (file: string): Promise<number> => {
    const token = (await server.shell("cat /etc/berth/credentials/gateway-token")).trim();
    const call = { tool: "file", args: { op: "write", path: file, content: "x" }, sessionKey: "agent:main:main" };
    const url = "http://127.0.0.1:18789/tools/invoke";
    const curl = `curl -s -o /dev/null -w '%{http_code}' -H @/dev/fd/3 --data-binary @- -m 30 ${url}`;
    const headers = `authorization: Bearer ${token}\ncontent-type: application/json\n`;
    const line = `printf '%s' '${headers}' > /run/tool-headers; ${asAgent} ${curl} 3< /run/tool-headers || true`;
    return Number(await server.shell(line, JSON.stringify(call)));
  };
  const exists = (file: string) => server.shell(`test -e /workspace/${file} && echo yes || echo no`);
  const restartGateway = () => server.shell("systemctl reset-failed openclaw; systemctl restart openclaw");
  const untilDegraded = (since: number) =>
    untilTrue(
      async () => {
        const tenant = await readTenant(walkStack.stack.addresses, portal);
        const fresh = tenant.gate !== null && Date.parse(tenant.gate.testedAt) >= since;
        return tenant.health === "degraded" && fresh ? tenant : null;
      },
      { timeoutMs: 60_000, intervalMs: 200, what: "A degraded agent in the portal" },
    );
  /** What a gateway that can load its plugins would do by now: it answers, or systemd has given it several lives. */
  const untilTried = () =>
    untilTrue(
      async () => {
        const ready = await server.shell(
          `${asAgent} curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:18789/readyz || true`,
        );
        if (ready === "200") return true;
        const lives = await server.shell("systemctl show -P NRestarts -P ActiveState openclaw");
        return lives.includes("failed") || Number(lives.split("\n")[0]) > 0;
      },
      { timeoutMs: 90_000, intervalMs: 300, what: "A gateway that has tried to start" },
    );

  beforeAll(async () => {
    walkStack = await startWalkStack({ mode: "machine", say });
    const { stack, options } = walkStack;
    const way = { stack, options, say, log: new StepLog(say), interlude: async () => undefined };
    ({ portal } = await becomeCustomer(way));
    server = await serverOf(walkStack);
    await server.shell(`cp -a ${wrapper} /root/wrapper-as-it-was`);
  }, 600_000);
  afterAll(() => walkStack?.end());
  afterEach(async () => {
    await server.shell(`rm -rf ${wrapper} && cp -a /root/wrapper-as-it-was ${wrapper}`);
  });

  /** The positive control: the same requests with the wrapper in place. */
  async function expectAllWorks(): Promise<void> {
    await untilHealthy(walkStack.stack.addresses, portal);
    const before = await tokensAtProvider(walkStack.stack.addresses);
    expect(await askModel()).toBe(200);
    expect(await tokensAtProvider(walkStack.stack.addresses)).toBeGreaterThan(before);
    const file = `made-${randomToken(6)}`;
    expect(await runTool(file)).toBe(200);
    expect(await exists(file)).toBe("yes\n");
  }

  test.each(damages)(
    "%s gets no word to a model, runs no tool, and says so; restored, it works again",
    async (_how, damage) => {
      await expectAllWorks();
      const tokens = await tokensAtProvider(walkStack.stack.addresses);
      await server.shell(damage);
      const since = Date.now();
      await restartGateway();
      const degraded = await untilDegraded(since);
      expect(degraded.gate?.reason).toMatch(/\w/);
      await untilTried();
      const { requestsRefused, wrapperPresent } = await proxyState();
      expect(wrapperPresent).toBe(false);
      expect(await askModel()).toBe(503);
      expect((await proxyState()).requestsRefused).toBeGreaterThan(requestsRefused);
      const file = `never-${randomToken(6)}`;
      expect(await runTool(file)).not.toBe(200);
      expect(await exists(file)).toBe("no\n");
      expect(await tokensAtProvider(walkStack.stack.addresses)).toBe(tokens);
      expect((await readTenant(walkStack.stack.addresses, portal)).health).toBe("degraded");
      await server.shell(`rm -rf ${wrapper} && cp -a /root/wrapper-as-it-was ${wrapper}`);
      await restartGateway();
      await expectAllWorks();
    },
    240_000,
  );
});
