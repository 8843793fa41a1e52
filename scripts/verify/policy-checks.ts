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
      /\/main\.ts$|\/env\.ts$|\.config\.ts$|\.(?:test|spec)\.tsx?$|^packages\/testkit\/|\/testing\/|^apps\/hub\/app\/api\/\[\[\.\.\.route\]\]\/route\.ts$/,
    breach: matching(/\bprocess\.env\b/),
  },
  {
    name: "secrets-open-in-few-places",
    why: "reveal() is where a value becomes text: vault, executor, key injection and one-time files only.",
    files: /^(?:apps|packages|services)\/.*\.tsx?$/,
    except:
      /^packages\/(?:platform\/src\/(?:secret|index)|vault\/|provisioning\/|core\/src\/(?:order|auth|seed)\/|testkit\/src\/outside\/|billing\/|notify\/|cloud\/)|^services\/tenant-agent\/src\/(?:executor|vault|egress|proxy|redaction|ledger|gateway|gate\/secret-registry)|\.test\.ts$|\/main\.ts$/,
    breach: matching(/\breveal\(/),
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
