/** House rules that no linter knows: each a row with the files it reads, what it forbids, and why. */
export interface PolicyCheck {
  name: string;
  why: string;
  /** Files that the rule reads, by repository path. */
  files: RegExp;
  except?: RegExp;
  /** Finds a breach in a file's path or text; null if there is none. */
  breach: (file: { path: string; text: string }) => string | null;
}

const source = /\.(?:ts|tsx|mjs|sh)$/;
const tests = /\.(?:test|spec)\.tsx?$/;
const self = /^scripts\/verify\//;

const matching =
  (pattern: RegExp) =>
  ({ text }: { text: string }): string | null => {
    const line = text.split("\n").findIndex((candidate) => pattern.test(candidate));
    return line < 0 ? null : `line ${line + 1}`;
  };

/** A call, or an import or export of it, under whichever name and over however many lines. */
const revealUse = /\breveal\s*\(|\breveal\s+as\b|\{[^{}"'`;]*\breveal\b[^{}"'`;]*\}\s*from\b/;

const lineOf = (text: string, pattern: RegExp): string | null => {
  const at = text.search(pattern);
  return at < 0 ? null : `line ${text.slice(0, at).split("\n").length}`;
};

/** Files in which `reveal()` may be called, each with what it opens and why there. */
export const secretsOpenIn: Record<string, string> = {
  "packages/platform/src/secret.ts": "defines it",
  // Values of a customer's vault.
  "services/tenant-agent/src/executor/create-executor.ts": "the executor: a value for one call, inside its bindings",
  "services/tenant-agent/src/local-api/egress-api.ts": "the proxy's key injection",
  "services/tenant-agent/src/gate/secret-registry.ts": "the matcher that redacts",
  // The customer's recovery key.
  "packages/vault/src/recovery-key.ts": "derives the public half",
  "packages/vault/src/backup.ts": "opens a backup",
  "services/tenant-agent/src/vault-cli/key-commands.ts": "shows it once, and hands it to the agent for a restore",
  // The operator's own secrets, each at the client or the file that needs it.
  "packages/billing/src/stripe-client.ts": "Stripe's API key",
  "packages/billing/src/webhook.ts": "Stripe's webhook secret",
  "packages/cloud/src/hetzner/hetzner-client.ts": "Hetzner's API token",
  "packages/core/src/auth/create-auth.ts": "the key that signs sessions",
  "packages/core/src/order/host-inputs.ts": "the operator's LLM keys, into a server's one-time seed",
  "packages/core/src/order/server-access.ts": "a server's SSH key, to be sealed",
  "packages/core/src/seed/seed.ts": "the first person's password, to be hashed",
  "packages/provisioning/src/cloud-init.ts": "a server's own host key",
  "packages/provisioning/src/machine/one-time-files-step.ts": "the enrolment token, into its one-time file",
  "packages/provisioning/src/process/process-steps.ts": "the enrolment token, into its one-time file",
  "packages/provisioning/src/ssh-host.ts": "the one-time SSH key",
  "packages/testkit/src/outside/fake-servers.ts": "plays a server that is given its token",
};

export const policyChecks: PolicyCheck[] = [
  {
    name: "retired-parts-stay-away",
    why: "They were removed from the product for good; a deployment that names one is broken.",
    files: /./,
    except: /^(?:scripts\/verify\/|package-lock\.json|docs\/adr\/)|package-lock\.json$/,
    breach: matching(/\bn8n\b|\bsysadmin-agent\b|\borchestrator\b/i),
  },
  {
    name: "environment-is-read-at-the-door",
    why: "A process parses its environment once, in main.ts; elsewhere settings are arguments.",
    files: /^(?:apps|packages|services)\/.*\.tsx?$/,
    except:
      /\/main\.ts$|\/env\.ts$|\.config\.ts$|\.(?:test|spec)\.tsx?$|^packages\/testkit\/|^packages\/redaction\/src\/patterns\/rules\/|\/testing\/|^apps\/hub\/app\/api\/\[\[\.\.\.route\]\]\/route\.ts$/,
    breach: matching(/\bprocess\.env\b/),
  },
  {
    name: "secrets-open-in-few-places",
    why: "reveal() is where a value becomes text; secretsOpenIn lists every file that may, with its reason.",
    files: /^(?:apps|packages|services|scripts)\/.*\.tsx?$/,
    except: /\.(?:test|spec)\.tsx?$|^scripts\/verify\//,
    breach: ({ path, text }) => (path in secretsOpenIn ? null : lineOf(text, revealUse)),
  },
  {
    name: "files-stay-short",
    why: "Past 400 lines nobody finds the room.",
    files: source,
    except: /generated|^packages\/api-client\/src\/schema\.d\.ts$/,
    breach: ({ text }) => {
      const lines = text.split("\n").length - 1;
      return lines > 400 ? `${lines} lines` : null;
    },
  },
  {
    name: "file-names-are-kebab-case",
    why: "One spelling, so that a name can be guessed.",
    files: source,
    breach: ({ path }) => (/(?:^|\/)\.?[a-z0-9]+(?:[-.][a-z0-9]+)*\.(?:ts|tsx|mjs|sh)$/.test(path) ? null : path),
  },
  {
    name: "no-drawer-for-everything",
    why: "A file called utils, helpers or manager says nothing about what is in it.",
    files: source,
    breach: ({ path }) =>
      /(?:^|\/)(?:utils?|helpers?|[a-z-]*manager|misc|common)\.(?:ts|tsx|mjs)$/.test(path) ? path : null,
  },
  {
    name: "tests-do-not-sleep",
    why: "Wait for the event or move the clock; a fixed wait is slow and flaky.",
    files: tests,
    except: self,
    breach: matching(/\bwaitForTimeout\(|\bsleep\(|\bdelay\(\s*\d|setTimeout\((?:resolve|ok|done|r)\b/),
  },
  {
    name: "no-test-is-left-out",
    why: "A focused or skipped test hides the others or itself; skipIf says why and shows.",
    files: tests,
    except: self,
    breach: matching(/\b(?:test|it|describe)\.(?:only|skip|todo|fails)\(/),
  },
  {
    name: "no-passwords-for-root",
    why: "A server is entered with a one-time key or not at all.",
    files: /^(?:infra|packages\/(?:cloud|provisioning))\//,
    except: /\.(?:test|spec)\.tsx?$/,
    breach: matching(/\bchpasswd\b|\bplain_text_passwd\b|\brootpw\b|PermitRootLogin yes|PasswordAuthentication yes/),
  },
  {
    name: "project-stands-alone",
    why: "Nothing outside the repository is needed, save vendor specs that a contract test may find beside it.",
    files: /./,
    except: /contract\.test\.ts$|specs?-folder\.ts$|^scripts\/verify\//,
    breach: matching(/\.\.\/shared\b/),
  },
];

/** Breaches of all checks over these files, as `path: rule: where`. */
export function findBreaches(files: { path: string; text: string }[], checks = policyChecks): string[] {
  return checks.flatMap((check) =>
    files
      .filter(({ path }) => check.files.test(path) && !check.except?.test(path))
      .flatMap((file) => {
        const where = check.breach(file);
        return where === null ? [] : [`${file.path}: ${check.name}: ${where}. ${check.why}`];
      }),
  );
}
