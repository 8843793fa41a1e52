import { SecretBindings, VaultSeedEntry } from "@berth/contracts";
import { type Clock, fail, type Ids, isoOf } from "@berth/platform";
import { z } from "zod";
import type { AuditChain } from "./audit-chain.ts";
import type { EncryptedDatabase } from "./encrypted-database.ts";

export const SecretRow = z.object({
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
export type SecretRow = z.infer<typeof SecretRow>;

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

/** What the vault's verbs work on. `seal` and `open` tie a value to its secret and version. */
export interface VaultContext {
  db: EncryptedDatabase;
  audit: AuditChain;
  clock: Clock;
  ids: Ids;
  seal(value: string, id: string, version: number): string;
  /** Throws `internal` for a value that was changed, or moved here from another row or version. */
  open(row: Pick<SecretRow, "id" | "version" | "sealed">): string;
}

/** What a sealed value belongs to; one that was moved to another row or version does not open. */
export const placeOf = (id: string, version: number): string => `berth-vault:${id}:${version}`;

export const bindingsOf = ({ tools, hosts, methods }: Pick<SecretRow, "tools" | "hosts" | "methods">): SecretBindings =>
  SecretBindings.parse({ tools: JSON.parse(tools), hosts: JSON.parse(hosts), methods: JSON.parse(methods) });

/** In the order of the columns: tools, hosts, methods. */
export const textsOf = ({ tools, hosts, methods }: SecretBindings): [string, string, string] => [
  JSON.stringify(tools),
  JSON.stringify(hosts),
  JSON.stringify(methods),
];

export const sameBindings = (one: SecretBindings, other: SecretBindings): boolean =>
  textsOf(one).join() === textsOf(other).join();

export const infoOf = (row: SecretRow): SecretInfo => ({
  name: row.name,
  version: row.version,
  owner: row.owner,
  bindings: bindingsOf(row),
  createdAt: isoOf(row.created_at),
  rotatedAt: row.rotated_at === null ? null : isoOf(row.rotated_at),
  lastUsedAt: row.last_used_at === null ? null : isoOf(row.last_used_at),
});

export const findRow = ({ db }: Pick<VaultContext, "db">, name: string): SecretRow | undefined =>
  SecretRow.optional().parse(db.prepare("SELECT * FROM secrets WHERE name = ?").get(name));

export const rowOf = (ctx: Pick<VaultContext, "db">, name: string): SecretRow =>
  findRow(ctx, name) ?? fail("not_found", `There is no secret named "${name}".`);

export const allRows = ({ db }: Pick<VaultContext, "db">): SecretRow[] =>
  z.array(SecretRow).parse(db.prepare("SELECT * FROM secrets ORDER BY name").all());

const FormerRow = z.object({ secret_id: z.string(), version: z.int(), sealed: z.string() });

/** What rotations replaced, oldest first. */
export const formerRows = ({ db }: { db: Pick<EncryptedDatabase, "prepare"> }): z.infer<typeof FormerRow>[] =>
  z.array(FormerRow).parse(db.prepare("SELECT * FROM former_values ORDER BY secret_id, version").all());
