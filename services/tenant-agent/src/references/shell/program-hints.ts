type Example = (ref: string) => string;

const byStdin =
  (words: string): Example =>
  (ref) =>
    `printf '%s' ${ref} | ${words}`;
const byVariable =
  (variable: string, words: string): Example =>
  (ref) =>
    `${variable}=${ref} ${words}`;

/** How common programs take a secret without an argument; each from the program's own manual. */
const examples: Record<string, Example> = {
  curl: (ref) => `curl -H @<(printf 'Authorization: Bearer %s' ${ref}) https://…`,
  wget: (ref) => `wget --config=<(printf 'header = Authorization: Bearer %s\\n' ${ref}) https://…`,
  psql: byVariable("PGPASSWORD", "psql -h HOST -U USER"),
  pg_dump: byVariable("PGPASSWORD", "pg_dump -h HOST -U USER"),
  pg_restore: byVariable("PGPASSWORD", "pg_restore -h HOST -U USER"),
  mysql: byVariable("MYSQL_PWD", "mysql -h HOST -u USER"),
  mysqldump: byVariable("MYSQL_PWD", "mysqldump -h HOST -u USER DATABASE"),
  mariadb: byVariable("MYSQL_PWD", "mariadb -h HOST -u USER"),
  "redis-cli": byVariable("REDISCLI_AUTH", "redis-cli -h HOST"),
  sqlite3: (ref) => `sqlite3 FILE <<< "PRAGMA key = '${ref}'; SELECT 1;"`,
  git: byVariable("T", `git -c credential.helper='!f() { echo username=USER; echo "password=$T"; }; f' push`),
  gh: byVariable("GH_TOKEN", "gh api user"),
  ssh: byVariable("K", `ssh-agent sh -c 'printf "%s\\n" "$K" | ssh-add - && ssh USER@HOST'`),
  scp: byVariable("K", `ssh-agent sh -c 'printf "%s\\n" "$K" | ssh-add - && scp FILE USER@HOST:'`),
  rsync: byVariable("K", `ssh-agent sh -c 'printf "%s\\n" "$K" | ssh-add - && rsync FILE USER@HOST:'`),
  sshpass: byVariable("SSHPASS", "sshpass -e ssh USER@HOST"),
  openssl: byVariable("P", "openssl enc -aes-256-cbc -pbkdf2 -pass env:P -in FILE -out FILE.enc"),
  gpg: (ref) => `gpg --batch --pinentry-mode loopback --passphrase-fd 3 -c FILE 3<<< ${ref}`,
  htpasswd: byStdin("htpasswd -i FILE USER"),
  docker: byStdin("docker login -u USER --password-stdin"),
  aws: byVariable("AWS_SECRET_ACCESS_KEY", "aws s3 ls"),
  env: byVariable("NAME", "PROGRAM"),
  xargs: (ref) => `printf '%s' ${ref} | PROGRAM`,
  bash: byVariable("T", `bash -c 'printf "%s" "$T" | PROGRAM'`),
  sh: byVariable("T", `sh -c 'printf "%s" "$T" | PROGRAM'`),
  python3: byVariable("T", `python3 -c 'import os; print(len(os.environ["T"]))'`),
  node: byVariable("T", "node -e 'console.log(require(\"node:process\").env.T.length)'"),
  perl: byVariable("T", "perl -e 'print length $ENV{T}'"),
};
const alike: Record<string, string> = { python: "python3", dash: "sh", ash: "sh", zsh: "sh", sftp: "scp", "7z": "gpg" };

export const hintedPrograms = Object.keys(examples);

/** A way that works, for the first of these words that is a program we know; else the three ways there are. */
export function hintFor(words: readonly (string | null)[], name: string): string {
  const ref = `SECRET_REF(${name})`;
  for (const word of words) {
    const program = word?.split("/").at(-1) ?? "";
    const key = alike[program] ?? program;
    if (!Object.hasOwn(examples, key)) continue;
    const offline =
      key === "curl" || key === "wget" ? " Commands have no network: for a web request use http_request." : "";
    return `Write for example: ${examples[key]?.(ref)}${offline}`;
  }
  return `Hand it over by standard input (printf '%s' ${ref} | PROGRAM), as a file (PROGRAM <(printf '%s' ${ref})) or in the environment (NAME=${ref} PROGRAM).`;
}
