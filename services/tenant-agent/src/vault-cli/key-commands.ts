import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { AppError, fail, reveal } from "@berth/platform";
import {
  fingerprintOf,
  generateVaultKey,
  makeRecoveryKey,
  parseRecoveryKey,
  readVaultKeys,
  recipientOf,
  recoveryConsequences,
  settleKeyFile,
  stageNextKey,
} from "@berth/vault";
import { z } from "zod";
import type { CallAgent } from "./call-agent.ts";
import { argument, type CliResult, type Command, type CommandInput, done } from "./command.ts";

const Fingerprint = z.object({ fingerprint: z.string() });
const Report = z.object({
  auditBrokenAt: z.int().nullable(),
  lostHead: z.boolean(),
  unopened: z.array(z.string()),
  damaged: z.boolean(),
  head: z.object({ seq: z.int(), hash: z.string() }),
  secrets: z.int(),
});
const Recovery = z.object({ recovery: z.object({ recipient: z.string(), setAt: z.string() }).nullable() });
const Backup = z.object({ backup: z.base64(), secrets: z.int() });
const Restored = z.object({ madeAt: z.string(), restored: z.int(), kept: z.array(z.string()) });

export const defaultKeyFile = "/etc/berth/credentials/vault-key";

const liveFingerprint = async (call: CallAgent) => (await call(Fingerprint, "GET", "/v1/key")).fingerprint;

/**
 * The new key stands in the key file beside the old one before the agent seals anything with it, and the old one goes
 * only when the agent works with the new: whatever breaks off in between, the vault opens with a key of the file.
 */
async function rekey({ options, call }: CommandInput): Promise<CliResult> {
  const keyFile = options["key-file"] ?? defaultKeyFile;
  const before = await liveFingerprint(call);
  settleKeyFile(keyFile, before);
  const next = generateVaultKey();
  stageNextKey(keyFile, next);
  try {
    await call(Fingerprint, "POST", "/v1/rekey", { key: next.toString("hex") });
  } catch (error) {
    const live = await liveFingerprint(call).catch(() => null);
    if (live === before) settleKeyFile(keyFile, before);
    if (live !== null && live !== before) return finish(keyFile, live);
    if (live !== null) throw error;
    const held = `${keyFile} holds both keys. Run this again when the agent is up.`;
    throw new AppError("unavailable", `The agent went away during the rekey. Nothing is lost: ${held}`, {
      cause: error,
    });
  }
  return finish(keyFile, fingerprintOf(next));
}

function finish(keyFile: string, fingerprint: string): CliResult {
  settleKeyFile(keyFile, fingerprint);
  return done(
    `the vault is sealed with a new key (${fingerprint}); ${readVaultKeys(keyFile).length} key in ${keyFile}`,
  );
}

function headOf(text: string): { seq: number; hash: string } {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash)
    return fail("invalid_input", "--head takes what verify printed: a number, a colon and 64 hex digits.");
  return { seq: Number(seq), hash };
}

async function verify({ options, call }: CommandInput): Promise<CliResult> {
  const report = await call(Report, "POST", "/v1/verify", { heads: (options.head ?? []).map(headOf) });
  const faults = [
    ...(report.damaged
      ? ["The vault's file is damaged: a page does not carry its own checksum. Restore a backup."]
      : []),
    ...(report.auditBrokenAt === null
      ? []
      : [`The audit chain is broken at row ${report.auditBrokenAt}: it was changed, removed, moved or put in.`]),
    ...(report.lostHead
      ? ["The audit chain was cut, or an older vault was put in place: a noted head is not in it."]
      : []),
    ...report.unopened.map((name) => `The value of ${name} does not open: it was changed or moved. Store it again.`),
  ];
  if (faults.length > 0) return { text: faults.join("\n"), exitCode: 2 };
  const { seq, hash } = report.head;
  return done(`all ${report.secrets} secrets open and the audit chain is whole; its head: ${seq}:${hash}`);
}

async function recoveryKey({ args, options, call, readSecret }: CommandInput): Promise<CliResult> {
  const { recovery } = await call(Recovery, "GET", "/v1/recovery-key");
  switch (args[0]) {
    case "new": {
      const { privateKey, recipient } = await makeRecoveryKey();
      await call(z.unknown(), "PUT", "/v1/recovery-key", { recipient, replace: options.replace ?? false });
      return done(
        `Recovery key (write it down now, it is not shown again):\n\n  ${reveal(privateKey)}\n\n${recoveryConsequences}`,
      );
    }
    case "show":
      return recovery
        ? done(`backups are sealed for ${recovery.recipient}, since ${recovery.setAt}`)
        : { text: "there is no recovery key; make one: berth-vault recovery-key new", exitCode: 1 };
    case "check": {
      const given = await recipientOf(parseRecoveryKey(await readSecret("Recovery key")));
      if (given === recovery?.recipient) return done("this is the recovery key that backups are sealed for");
      return { text: "this is not the recovery key that backups are sealed for", exitCode: 1 };
    }
    default:
      return fail("invalid_input", "recovery-key takes new, show or check.");
  }
}

async function backup({ args, call }: CommandInput): Promise<CliResult> {
  const file = argument(args, "The file to write");
  const sealed = await call(Backup, "POST", "/v1/backup");
  try {
    writeFileSync(file, Buffer.from(sealed.backup, "base64"), { mode: 0o600, flag: "wx", flush: true });
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    // Half a backup is worse than none.
    if (!exists) rmSync(file, { force: true });
    return fail("conflict", exists ? `${file} is there already. Give another name.` : `${file} cannot be written.`, {
      cause,
    });
  }
  return done(
    `sealed ${sealed.secrets} secrets into ${file}; only the recovery key opens it. Keep it off this server.`,
  );
}

async function restore({ args, call, readSecret }: CommandInput): Promise<CliResult> {
  const file = argument(args, "The file of the backup");
  let sealed: Buffer;
  try {
    sealed = readFileSync(file);
  } catch (cause) {
    return fail("not_found", `${file} cannot be read.`, { cause });
  }
  const recoveryKey = reveal(parseRecoveryKey(await readSecret("Recovery key")));
  const body = { backup: sealed.toString("base64"), recoveryKey };
  const { madeAt, restored, kept } = await call(Restored, "POST", "/v1/restore", body);
  const left = kept.length > 0 ? `; this server's own were kept: ${kept.join(", ")}` : "";
  return done(`restored ${restored} secrets from the backup of ${madeAt}${left}`);
}

export const keyCommands = {
  verify: {
    usage: "[--head N:HASH]...",
    help: `reads the whole vault: pages, values, and the audit chain. Note the head it prints elsewhere; given with
      --head later, it shows that nothing was cut off since.`,
    args: 0,
    options: ["head"],
    run: verify,
  },
  rekey: {
    usage: "[--key-file FILE]",
    help: "makes a new vault key and seals everything with it, in the running agent. Can be broken off at any moment.",
    args: 0,
    options: ["key-file"],
    run: rekey,
  },
  "recovery-key": {
    usage: "new [--replace] | show | check",
    help: `new: makes the key that opens backups and shows it once. show: which one is in use. check: reads a recovery
      key from standard input and says whether it is that one.`,
    args: 1,
    options: ["replace"],
    run: recoveryKey,
  },
  backup: {
    usage: "FILE",
    help: "seals the whole vault into a new file that opens with the recovery key and with nothing else",
    args: 1,
    run: backup,
  },
  restore: {
    usage: "FILE",
    help: "fills an empty vault from a backup; the recovery key is read from standard input",
    args: 1,
    run: restore,
  },
} satisfies Record<string, Command>;
