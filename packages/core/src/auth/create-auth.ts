import type { Mailer } from "@berth/notify";
import { verifyAddressMail } from "@berth/notify";
import { type Logger, reveal, type Secret } from "@berth/platform";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { organization } from "better-auth/plugins";
import { accountLimit } from "./account-limit.ts";
import { type AuthStore, ensureOrganization } from "./ensure-organization.ts";

export interface AuthOptions extends AuthStore {
  mailer: Mailer;
  log: Logger;
  /** Signs cookies and tokens; at least 32 characters. */
  secret: Secret;
  /** Where the Hub answers; cookies are `Secure` when it is https. */
  hubUrl: string;
  /** Further origins whose pages may sign people in: the website. */
  trustedOrigins: string[];
  /** Addresses or networks (CIDR) of our own proxies: the last entry of x-forwarded-for that is none of them is the caller. */
  trustedProxies?: string[];
}

const verificationLifetimeSeconds = 3600;

/** Prefix of the ids of each kind of row that better-auth makes. */
const prefixes: Record<string, string> = {
  user: "usr",
  session: "ses",
  account: "acc",
  verification: "ver",
  organization: "org",
  member: "mem",
  invitation: "inv",
  rateLimit: "rat",
};

/** Sign-up, sign-in and sessions: e-mail and password, the address confirmed before the first sign-in. */
export function createAuth(options: AuthOptions) {
  const { db, ids, mailer, log, hubUrl } = options;
  return betterAuth({
    appName: "Berth",
    baseURL: hubUrl,
    basePath: "/api/auth",
    secret: reveal(options.secret),
    trustedOrigins: options.trustedOrigins,
    database: prismaAdapter(db, { provider: "postgresql" }),
    user: { additionalFields: { isStaff: { type: "boolean", required: false, defaultValue: false, input: false } } },
    emailAndPassword: { enabled: true, requireEmailVerification: true, minPasswordLength: 10, maxPasswordLength: 200 },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      expiresIn: verificationLifetimeSeconds,
      async sendVerificationEmail({ user, url }) {
        const content = verifyAddressMail({ url, validForMinutes: verificationLifetimeSeconds / 60 });
        await mailer.send({ ...content, to: user.email });
      },
    },
    plugins: [organization({ allowUserToCreateOrganization: false, disableOrganizationDeletion: true })],
    databaseHooks: {
      user: { create: { after: async (user) => void (await ensureOrganization(options, user)) } },
      session: {
        create: {
          before: async (session) => {
            const user = await db.user.findUniqueOrThrow({ where: { id: session.userId } });
            if (user.isStaff) return; // staff belong to no organisation
            return { data: { ...session, activeOrganizationId: await ensureOrganization(options, user) } };
          },
        },
      },
    },
    hooks: { before: accountLimit(options) },
    // In the database, for the Hub may run as several processes.
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 300,
      customRules: {
        "/sign-in/email": { window: 60, max: 10 },
        "/sign-up/email": { window: 60, max: 10 },
        "/send-verification-email": { window: 60, max: 5 },
      },
    },
    advanced: {
      cookiePrefix: "berth",
      // Said outright, for the library takes a test run as a reason to skip the check.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // An answer that waited for the mail server would tell a new address from a known one.
      backgroundTasks: { handler: (task) => void task },
      ipAddress: { trustedProxies: options.trustedProxies ?? [] },
      useSecureCookies: hubUrl.startsWith("https://"),
      database: { generateId: ({ model }) => ids.next(prefixes[model] ?? "row") },
    },
    logger: { log: (level, message) => log[level]({ part: "auth" }, message) },
    telemetry: { enabled: false },
  });
}

export type Auth = ReturnType<typeof createAuth>;
