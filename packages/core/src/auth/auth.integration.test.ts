import type { Mailer } from "@berth/notify";
import { createLogger, secretOf } from "@berth/platform";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { seed } from "../seed/seed.ts";
import { createHubWorld, type HubWorld } from "../testing/hub-world.ts";
import { type Auth, createAuth, resolveActor } from "./index.ts";

let world: HubWorld;
let auth: Auth;
const log = createLogger({ service: "test", level: "silent" });

interface AuthChanges {
  mailer?: Mailer;
  trustedProxies?: string[];
}

const authAt = (hubUrl: string, { mailer = world.mailer, trustedProxies = [] }: AuthChanges = {}): Auth =>
  createAuth({
    db: world.db,
    clock: world.clock,
    ids: world.ids,
    mailer,
    trustedProxies,
    log,
    secret: secretOf("a secret of more than thirty-two characters"),
    hubUrl,
    trustedOrigins: [world.config.websiteUrl],
  });

beforeAll(async () => {
  world = await createHubWorld(inject("postgresUrl"));
  auth = authAt(world.config.hubUrl);
});
afterAll(() => world.close());

const password = "a good long password";
let address = 0;

/** Every call comes from another address, so that one test's requests do not count against another's. */
function post(path: string, body: object, headers: Record<string, string> = {}, on = auth): Promise<Response> {
  address += 1;
  const request = new Request(`${world.config.hubUrl}/api/auth${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: world.config.websiteUrl,
      "x-forwarded-for": `10.0.0.${address}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return on.handler(request);
}

const signUp = (email: string, more: object = {}) =>
  post("/sign-up/email", { email, password, name: "New person", ...more });
const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
const linkTo = (email: string): string =>
  /http\S+verify-email\S+/.exec(world.mailer.sent.findLast((mail) => mail.to === email)?.text ?? "")?.[0] ?? "";
const actorOf = (response: Response) =>
  resolveActor({ auth, db: world.db, headers: new Headers({ cookie: cookieOf(response) }) });

test("a new person gets a mail, and after following its link is a customer with an organisation of their own", async () => {
  expect((await signUp("new@example.com")).status).toBe(200);
  const early = await post("/sign-in/email", { email: "new@example.com", password });
  expect(early.status).toBe(403);
  const verified = await auth.handler(new Request(linkTo("new@example.com")));
  expect(verified.status).toBeLessThan(400);
  const actor = await actorOf(verified);
  expect(actor).toMatchObject({ kind: "customer", email: "new@example.com", emailVerified: true });
  const signedIn = await post("/sign-in/email", { email: "new@example.com", password });
  expect(await actorOf(signedIn)).toEqual(actor);
  const members = await world.db.member.findMany({ where: { user: { email: "new@example.com" } } });
  expect(members.map((member) => member.role)).toEqual(["owner"]);
  expect(members[0]?.organizationId).toMatch(/^org_[0-9a-f]{32}$/);
});

test("nobody makes themselves staff", async () => {
  await signUp("sly@example.com", { isStaff: true });
  expect(await world.db.user.findUnique({ where: { email: "sly@example.com" } })).not.toMatchObject({ isStaff: true });
});

test("no cookie, a forged cookie and a deleted session are nobody", async () => {
  const headers = (cookie: string) => new Headers({ cookie });
  expect(await resolveActor({ auth, db: world.db, headers: new Headers() })).toEqual({ kind: "anonymous" });
  const forged = headers("berth.session_token=made-up.c2lnbmF0dXJl");
  expect(await resolveActor({ auth, db: world.db, headers: forged })).toEqual({ kind: "anonymous" });
  const signedIn = await post("/sign-in/email", { email: "new@example.com", password });
  await world.db.session.deleteMany({});
  expect(await actorOf(signedIn)).toEqual({ kind: "anonymous" });
});

test("a page of another origin signs nobody in", async () => {
  const response = await post(
    "/sign-in/email",
    { email: "new@example.com", password },
    { origin: "https://evil.example", cookie: "a=b" },
  );
  expect(response.status).toBe(403);
});

test("guessing a password is slowed down", async () => {
  const guess = () =>
    post(
      "/sign-in/email",
      { email: "new@example.com", password: "a wrong password" },
      { "x-forwarded-for": "10.9.9.9" },
    );
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1) statuses.push((await guess()).status);
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

test("guessing one account's password is slowed down from wherever the guesses come", async () => {
  const email = "guessed@example.com";
  await signUp(email);
  const guess = (named = email) => post("/sign-in/email", { email: named, password: "a wrong password" });
  const statuses: number[] = [];
  for (let n = 0; n < 31; n += 1) statuses.push((await guess(n % 2 ? email : email.toUpperCase())).status);
  expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401));
  expect(statuses[30]).toBe(429);
  expect((await guess("other@example.com")).status).toBe(401);
  world.clock.advance(10 * 60_000 + 1);
  expect((await guess()).status).toBe(401);
});

test("behind our own proxy a caller is who the proxy says, whatever the caller said before", async () => {
  const behind = authAt(world.config.hubUrl, { trustedProxies: ["10.1.0.0/16"] });
  const guess = (from: string) => {
    const headers = { "x-forwarded-for": `192.0.2.${address % 250}, ${from}, 10.1.2.3` };
    return post("/sign-in/email", { email: `${address}@example.com`, password: "a wrong password" }, headers, behind);
  };
  const statuses: number[] = [];
  for (let n = 0; n < 11; n += 1) statuses.push((await guess("198.51.100.7")).status);
  expect(statuses.at(-1)).toBe(429);
  expect((await guess("198.51.100.8")).status).toBe(401);
});

test("nobody can be flooded with mail from wherever it is asked for", async () => {
  const email = "flooded@example.com";
  for (let n = 0; n < 8; n += 1) {
    await signUp(email);
    await post("/send-verification-email", { email });
  }
  expect(world.mailer.sent.filter((mail) => mail.to === email).length).toBeLessThanOrEqual(6);
});

test("whether an address has an account shows in no answer, and a mail server that hangs holds none up", async () => {
  const answerTo = async (response: Response) => {
    const body = (await response.json()) as { user?: object; message?: string };
    return {
      status: response.status,
      keys: Object.keys(body).sort(),
      user: Object.keys(body.user ?? {}).sort(),
      message: body.message,
    };
  };
  expect(await answerTo(await signUp("new@example.com"))).toEqual(await answerTo(await signUp("unseen@example.com")));
  const wrong = (email: string) => post("/sign-in/email", { email, password: "a wrong password" });
  const known = await answerTo(await wrong("new@example.com"));
  expect(known.status).toBe(401);
  expect(await answerTo(await wrong("nobody@example.com"))).toEqual(known);
  expect(await answerTo(await wrong("unseen@example.com"))).toEqual(known);
  const again = (email: string) => post("/send-verification-email", { email });
  expect(await answerTo(await again("nobody@example.com"))).toEqual(await answerTo(await again("unseen@example.com")));
  const hanging = authAt(world.config.hubUrl, {
    mailer: { ...world.mailer, send: () => new Promise(() => {}) },
  });
  expect(
    (await post("/sign-up/email", { email: "slow@example.com", password, name: "Slow" }, {}, hanging)).status,
  ).toBe(200);
});

test.each(["https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)"])(
  "no link and no answer leads away to %s",
  async (callbackURL) => {
    expect((await signUp("led@example.com", { callbackURL })).status).toBe(403);
    await signUp("follows@example.com");
    const link = new URL(linkTo("follows@example.com"));
    link.searchParams.set("callbackURL", callbackURL);
    const followed = await auth.handler(new Request(link));
    expect(followed.status).toBe(403);
    expect(followed.headers.get("location")).toBeNull();
  },
);

test("a session made before the password was given is worth nothing afterwards", async () => {
  const planted = "berth.session_token=planted.c2lnbmF0dXJl";
  const signedIn = await post("/sign-in/email", { email: "new@example.com", password }, { cookie: planted });
  expect(cookieOf(signedIn)).not.toContain("planted");
  expect(await resolveActor({ auth, db: world.db, headers: new Headers({ cookie: planted }) })).toEqual({
    kind: "anonymous",
  });
  expect(await actorOf(signedIn)).toMatchObject({ kind: "customer" });
});

test("cookies are secure where the Hub is reached over https, and never readable by scripts", async () => {
  const plain = await post("/sign-in/email", { email: "new@example.com", password });
  expect(plain.headers.getSetCookie().join()).toMatch(/HttpOnly/i);
  expect(plain.headers.getSetCookie().join()).not.toMatch(/Secure/i);
  const secure = authAt("https://hub.example.com");
  const response = await post("/sign-in/email", { email: "new@example.com", password }, {}, secure);
  expect(response.headers.getSetCookie().join()).toMatch(/__Secure-/);
});

test("the seeded staff person signs in as staff, belongs to no organisation, and seeding again changes nothing", async () => {
  const input = { staffEmail: "staff@example.com", staffPassword: secretOf(password) };
  expect(await seed({ ctx: world.system("seed"), input })).toEqual({ staffMade: true });
  const again = { ...input, staffPassword: secretOf("another password") };
  expect(await seed({ ctx: world.system("seed"), input: again })).toEqual({ staffMade: false });
  const signedIn = await post("/sign-in/email", { email: "staff@example.com", password });
  expect(await actorOf(signedIn)).toMatchObject({ kind: "staff", email: "staff@example.com" });
  expect(await world.db.member.count({ where: { user: { isStaff: true } } })).toBe(0);
});
