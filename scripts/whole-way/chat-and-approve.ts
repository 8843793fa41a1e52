import { createHash, randomBytes } from "node:crypto";
import { type Approval, type ChatMessage, RealtimeTicket, type Tenant } from "@berth/contracts";
import { fail, untilTrue } from "@berth/platform";
import type { Addresses } from "../stack/start-stack.ts";
import { decide, untilAsked, untilExecuted } from "./approvals.ts";
import { Chat, insist, type Said } from "./chat.ts";
import type { CustomerConsole } from "./customer-console.ts";
import { readTenant } from "./usage.ts";
import type { Visitor } from "./visitor.ts";
import type { Question, Way } from "./way.ts";

/** Name of the secret that the walk plants; the name may be seen everywhere, the value nowhere. */
export const secretName = "walk_secret";

/** Makes the emulated model call a tool. */
export const tool = (name: string, args: object): string => `[[tool ${name} ${JSON.stringify(args)}]]`;

/**
 * Whether a message is the agent's own and repeats these words, as the emulated model does with what Berth told it. It may
 * have other words around them: a turn that was cut is gone on with by the gateway, which says so to the model.
 */
export const repeats =
  (...words: string[]) =>
  ({ role, text }: ChatMessage): boolean =>
    role === "assistant" && words.every((word) => text.includes(word));

/** A chat of the portal with this tenant's agent. */
export const openChat = (addresses: Addresses, portal: Visitor, tenantId: string): Chat =>
  new Chat(async () => {
    const url = `${addresses.hub}/api/portal/v1/realtime-ticket`;
    return (await portal.json(RealtimeTicket, url, { method: "POST", json: { tenantId } })).url;
  });

/** Waits until the portal shows a gate that was found well after this moment. */
export function untilHealthy(addresses: Addresses, portal: Visitor, since = Date.now()): Promise<Tenant> {
  return untilTrue(
    async () => {
      const tenant = await readTenant(addresses, portal);
      const proven = tenant.gate?.verified === true && Date.parse(tenant.gate.testedAt) >= since;
      return tenant.health === "healthy" && proven ? tenant : null;
    },
    { timeoutMs: 120_000, intervalMs: 300, what: "A healthy agent in the portal" },
  );
}

interface Talk {
  way: Way;
  chat: Chat;
  console: CustomerConsole;
  portal: Visitor;
  tenant: Tenant;
}

/** Says something, and again if a broken-off turn or a gateway that is not ready yet kept it from being done. */
const sayUntil = async (
  { way, chat, portal }: Talk,
  what: Question,
  text: string,
  check: (said: Said) => boolean | Promise<boolean>,
): Promise<Said> => {
  await way.interlude({ at: "asking", what });
  let first = true;
  const ask = () => {
    const onAccepted = first ? () => way.interlude({ at: "asked", what }) : undefined;
    first = false;
    return chat.say(text, onAccepted);
  };
  return insist(ask, check, () => untilHealthy(way.stack.addresses, portal));
};

export async function chatAndApprove(way: Way, console: CustomerConsole, portal: Visitor, tenant: Tenant) {
  const { log, stack, interlude } = way;
  const secret = `walk-${randomBytes(18).toString("base64url")}`;
  await log.run("put a secret into the vault, on the server's console", () =>
    console.setSecret(secretName, secret, { tools: ["run_command"] }),
  );
  const chat = openChat(stack.addresses, portal, tenant.id);
  const talk: Talk = { way, chat, console, portal, tenant };
  try {
    await log.run("open the chat", () => chat.untilLinked());
    await talkHarmlessly(talk, secret);
    const { asked, command } = await park(talk);
    if (asked.argumentsRedacted?.command !== command)
      fail("conflict", `The portal shows another command: ${JSON.stringify(asked.argumentsRedacted)}`);
    await interlude({ at: "parked" });
    await approve(talk, asked, createHash("sha256").update(secret).digest("hex"));
    await deny(talk, asked.id);
    const executions = (await console.readWorkspaceFile("executions.log")).split("\n").filter(Boolean).length;
    return { secret, executions };
  } finally {
    chat.close();
  }
}

async function talkHarmlessly(talk: Talk, secret: string): Promise<void> {
  const { log } = talk.way;
  const hello = await log.run("say hello, get a streamed answer", () => talk.chat.say("hello there"));
  if (!hello.answer.includes("hello there") || hello.deltas === 0)
    fail("unavailable", `Not a streamed answer: ${JSON.stringify(hello)}`);
  const typed = await log.run("type the secret by mistake; the agent redacts it", () =>
    sayUntil(talk, "type the secret", `remember ${secret} please`, ({ answer }) => answer.includes("remember")),
  );
  if (typed.answer.includes(secret)) fail("conflict", "The typed secret came back in plain.");
  await readSecretFile(talk, secret);
  const file = { op: "write", path: "old-report.txt", content: "old numbers\n" };
  const isThere = () =>
    talk.console.readWorkspaceFile(file.path).then(
      (text) => text === file.content,
      () => false,
    );
  await log.run("a harmless act runs at once", () => sayUntil(talk, "write", tool("file", file), isThere));
}

/** A file of the customer's own in which the secret stands: the agent reads it, the model and the chat see the reference. */
async function readSecretFile({ way, chat, console, portal }: Talk, secret: string): Promise<void> {
  await console.writeWorkspaceFile("crm-access.txt", `key: ${secret}\n`);
  const ask = () => chat.say(tool("file", { op: "read", path: "crm-access.txt" }));
  const told = await way.log.run("a file that holds the secret is read, redacted", () =>
    insist(
      ask,
      ({ answer }) => answer.includes(`key: SECRET_REF(${secretName})`),
      () => untilHealthy(way.stack.addresses, portal),
    ),
  );
  if (told.answer.includes(secret)) fail("conflict", "The secret of a file came back in plain.");
}

async function park(talk: Talk): Promise<{ asked: Approval; command: string }> {
  const { log, stack } = talk.way;
  const command = `rm old-report.txt && echo ran >> executions.log && printf %s SECRET_REF(${secretName}) | sha256sum && printf 'seen:%s' SECRET_REF(${secretName})`;
  await log.run("a Red act is parked", () =>
    sayUntil(talk, "red act", tool("run_command", { command }), ({ answer }) => /parked/i.test(answer)),
  );
  const asked = await log.run("the portal shows what exactly would run", () =>
    untilAsked(stack.addresses, talk.portal, talk.tenant.id, new Set()),
  );
  return { asked, command };
}

async function approve({ way, chat, portal }: Talk, asked: Approval, digest: string): Promise<void> {
  const { log, stack, interlude } = way;
  await log.run("approve", () => decide(stack.addresses, portal, asked.id, "approved"));
  await interlude({ at: "approved" });
  const executed = await log.run("it runs once, with the secret", () =>
    untilExecuted(stack.addresses, portal, asked.id),
  );
  if (executed.execution !== "succeeded") fail("unavailable", "The approved command failed on the server.");
  await interlude({ at: "executed" });
  await log.run("the agent is woken and reports", () =>
    chat.untilMessage(repeats(`The customer approved ${asked.id}`, digest.slice(0, 16)), 120_000, "The agent's report"),
  );
}

async function deny(talk: Talk, known: string): Promise<void> {
  const { way, chat, portal, tenant } = talk;
  const { addresses } = way.stack;
  await way.log.run("another Red act is denied, with a note", async () => {
    const command = "rm -r /workspace/executions.log";
    await sayUntil(talk, "second red act", tool("run_command", { command }), ({ answer }) => /parked/i.test(answer));
    const asked = await untilAsked(addresses, portal, tenant.id, new Set([known]));
    await decide(addresses, portal, asked.id, "denied", "keep the log");
    const heard = repeats(`The customer denied ${asked.id}`, "keep the log");
    await chat.untilMessage(heard, 120_000, "The agent's word on the denial");
  });
}
