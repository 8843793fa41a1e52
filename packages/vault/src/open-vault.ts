import { SecretBindings, SecretName, VaultSeedEntry } from "@berth/contracts";
import {
  type Clock,
  createIds,
  fail,
  type Ids,
  isoOf,
  parseOrFail,
  type Secret,
  seal,
  secretOf,
  systemClock,
  unseal,
} from "@berth/platform";
import { z } from "zod";
import { type AuditEntry, createAuditChain } from "./audit-chain.ts";
import { openEncryptedDatabase } from "./encrypted-database.ts";
import { migrateVault } from "./schema.ts";
import { checkSecretValue } from "./secret-value.ts";
import { deriveKey, readVaultKey } from "./vault-key.ts";

const SecretRow = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  sealed: z.string(),
  owner: VaultSeedEntry.shape.owner,
  tools: z.string(),
  hosts: z.string(),
  methods: z.string(),
  created_at: z.int(),
  rotated_at: z.int().nullable(),
  last_used_at: z.int().nullable(),
});
type SecretRow = z.infer<typeof SecretRow>;

/** Everything about a secret but its value. Times are RFC 3339. */
export interface SecretInfo {
  name: string;
  version: number;
  owner: VaultSeedEntry["owner"];
  bindings: SecretBindings;
  createdAt: string;
  rotatedAt: string | null;
  lastUsedAt: string | null;
}

const bindingsOf = ({ tools, hosts, methods }: Pick<SecretRow, "tools" | "hosts" | "methods">): SecretBindings =>
  SecretBindings.parse({ tools: JSON.parse(tools), hosts: JSON.parse(hosts), methods: JSON.parse(methods) });
const textsOf = ({ tools, hosts, methods }: SecretBindings): [string, string, string] => [
  JSON.stringify(tools),
  JSON.stringify(hosts),
  JSON.stringify(methods),
];

const infoOf = (row: SecretRow): SecretInfo => ({
  name: row.name,
  version: row.version,
  owner: row.owner,
  bindings: bindingsOf(row),
  createdAt: isoOf(row.created_at),
  rotatedAt: row.rotated_at === null ? null : isoOf(row.rotated_at),
  lastUsedAt: row.last_used_at === null ? null : isoOf(row.last_used_at),
});

/** What a sealed value belongs to; one that was moved to another row or version does not open. */
const placeOf = (id: string, version: number): string => `berth-vault:${id}:${version}`;

export interface Vault {
  /** Stores or rotates; throws `invalid_input` with the reason for a value or name that cannot be guarded. */
  set(entry: VaultSeedEntry): SecretInfo;
  /** All or nothing. An entry that is there already with the same value and bindings is left as it is. */
  import(entries: VaultSeedEntry[]): void;
  find(name: string): SecretInfo | null;
  list(): SecretInfo[];
  /** The value, with an audit row. Throws `not_found` for an unknown name, `internal` for a row that was tampered with. */
  get(name: string, purpose: string): Secret;
  /** Every value, former ones too, for a matcher; one audit row for all. */
  handOver(purpose: string): { name: string; value: Secret }[];
  /** False if there was none. */
  remove(name: string): boolean;
  audit(): AuditEntry[];
  /** The first broken row of the audit chain; null if it is whole. */
  findAuditBreak(): number | null;
  close(): void;
}

export interface OpenVaultInput {
  file: string;
  keyFile: string;
  clock?: Clock;
  ids?: Ids;
}

/** Opens (or makes) the vault. Throws `forbidden` for a wrong key, `unavailable` if the key file cannot be read. */
export function openVault({ file, keyFile, clock = systemClock, ids = createIds(clock) }: OpenVaultInput): Vault {
  const key = readVaultKey(keyFile);
  const db = openEncryptedDatabase(file, deriveKey(key, "vault file"));
  const valueKey = deriveKey(key, "vault values");
  migrateVault(db);
  const audit = createAuditChain(db, clock);
  const open = (row: Pick<SecretRow, "id" | "version" | "sealed">) =>
    secretOf(unseal(row.sealed, valueKey, placeOf(row.id, row.version)));
  const rowOf = (name: string): SecretRow | undefined =>
    SecretRow.optional().parse(db.prepare("SELECT * FROM secrets WHERE name = ?").get(name));
  const inTransaction = <T>(work: () => T): T => db.transaction(work).immediate();

  function insert(entry: VaultSeedEntry): void {
    const id = ids.next("sec");
    const sealed = seal(entry.value, valueKey, placeOf(id, 1));
    db.prepare(
      "INSERT INTO secrets (id, name, version, sealed, owner, tools, hosts, methods, created_at) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)",
    ).run(id, entry.name, sealed, entry.owner, ...textsOf(entry.bindings), clock.now());
  }

  function rotate(row: SecretRow, entry: VaultSeedEntry): void {
    const version = row.version + 1;
    db.prepare("INSERT INTO former_values VALUES (?, ?, ?)").run(row.id, row.version, row.sealed);
    db.prepare(
      "UPDATE secrets SET version = ?, sealed = ?, owner = ?, tools = ?, hosts = ?, methods = ?, rotated_at = ? WHERE id = ?",
    ).run(
      version,
      seal(entry.value, valueKey, placeOf(row.id, version)),
      entry.owner,
      ...textsOf(entry.bindings),
      clock.now(),
      row.id,
    );
  }

  function store(entry: VaultSeedEntry): SecretInfo {
    const parsed = parseOrFail(VaultSeedEntry.extend({ name: SecretName }), entry, "secret");
    checkSecretValue(parsed.name, parsed.value);
    const before = rowOf(parsed.name);
    if (before) rotate(before, parsed);
    else insert(parsed);
    const after = SecretRow.parse(rowOf(parsed.name));
    audit.append({ action: "set", name: after.name, version: after.version, purpose: parsed.owner });
    return infoOf(after);
  }

  function isStored(entry: VaultSeedEntry): boolean {
    const row = rowOf(entry.name);
    if (!row) return false;
    const same = unseal(row.sealed, valueKey, placeOf(row.id, row.version)) === entry.value;
    return same && textsOf(bindingsOf(row)).join() === textsOf(entry.bindings).join();
  }

  return {
    set: (entry) => inTransaction(() => store(entry)),
    import: (entries) =>
      inTransaction(() => {
        for (const entry of entries) if (!isStored(entry)) store(entry);
      }),
    find: (name) => {
      const row = rowOf(name);
      return row ? infoOf(row) : null;
    },
    list: () => z.array(SecretRow).parse(db.prepare("SELECT * FROM secrets ORDER BY name").all()).map(infoOf),
    get: (name, purpose) =>
      inTransaction(() => {
        const row = rowOf(name) ?? fail("not_found", `There is no secret named "${name}".`);
        const value = open(row);
        db.prepare("UPDATE secrets SET last_used_at = ? WHERE id = ?").run(clock.now(), row.id);
        audit.append({ action: "reveal", name, version: row.version, purpose });
        return value;
      }),
    handOver: (purpose) =>
      inTransaction(() => {
        const rows = z.array(SecretRow.pick({ id: true, name: true, version: true, sealed: true })).parse(
          db
            .prepare(
              `SELECT id, name, version, sealed FROM secrets UNION ALL
               SELECT s.id, s.name, f.version, f.sealed FROM former_values f JOIN secrets s ON s.id = f.secret_id`,
            )
            .all(),
        );
        audit.append({ action: "hand_over", name: "*", version: rows.length, purpose });
        return rows.map((row) => ({ name: row.name, value: open(row) }));
      }),
    remove: (name) =>
      inTransaction(() => {
        const row = rowOf(name);
        if (!row) return false;
        db.prepare("DELETE FROM secrets WHERE id = ?").run(row.id);
        audit.append({ action: "remove", name, version: row.version, purpose: "" });
        return true;
      }),
    audit: () => audit.list(),
    findAuditBreak: () => audit.findBreak(),
    close: () => db.close(),
  };
}
