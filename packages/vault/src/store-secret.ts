import { SecretBindings, VaultSeedEntry } from "@berth/contracts";
import { fail, parseOrFail } from "@berth/platform";
import {
  bindingsOf,
  findRow,
  infoOf,
  rowOf,
  type SecretInfo,
  type SecretRow,
  sameBindings,
  textsOf,
  type VaultContext,
} from "./secret-rows.ts";
import { checkSecretValue } from "./secret-value.ts";

/** Stores a secret, or gives the one of that name this value, owner and these bindings. Inside a transaction. */
export function storeSecret(ctx: VaultContext, entry: VaultSeedEntry): SecretInfo {
  const { name, value, owner, bindings } = parseOrFail(VaultSeedEntry, entry, "secret");
  checkSecretValue(name, value);
  const before = findRow(ctx, name);
  if (!before) return insert(ctx, { name, value, owner, bindings });
  if (ctx.open(before) !== value) replaceValue(ctx, before, value);
  if (before.owner !== owner || !sameBindings(bindingsOf(before), bindings)) {
    ctx.db.prepare("UPDATE secrets SET owner = ? WHERE id = ?").run(owner, before.id);
    rebind(ctx, before, bindings);
  }
  return infoOf(rowOf(ctx, name));
}

function insert(ctx: VaultContext, { name, value, owner, bindings }: VaultSeedEntry): SecretInfo {
  const id = ctx.ids.next("sec");
  ctx.db
    .prepare(
      "INSERT INTO secrets (id, name, version, sealed, owner, tools, hosts, methods, created_at) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)",
    )
    .run(id, name, ctx.seal(value, id, 1), owner, ...textsOf(bindings), ctx.clock.now());
  ctx.audit.append({ action: "set", name, version: 1, purpose: owner });
  return infoOf(rowOf(ctx, name));
}

/** A new value under the same name and bindings; the old one is kept for the matcher. */
export function rotateSecret(ctx: VaultContext, name: string, value: string): SecretInfo {
  const row = rowOf(ctx, name);
  checkSecretValue(name, value);
  if (ctx.open(row) === value) fail("invalid_input", `The secret "${name}" has this value already.`);
  replaceValue(ctx, row, value);
  return infoOf(rowOf(ctx, name));
}

function replaceValue(ctx: VaultContext, row: SecretRow, value: string): void {
  const version = row.version + 1;
  ctx.db.prepare("INSERT INTO former_values VALUES (?, ?, ?)").run(row.id, row.version, row.sealed);
  ctx.db
    .prepare("UPDATE secrets SET version = ?, sealed = ?, rotated_at = ? WHERE id = ?")
    .run(version, ctx.seal(value, row.id, version), ctx.clock.now(), row.id);
  ctx.audit.append({ action: "rotate", name: row.name, version, purpose: row.owner });
}

/** Replaces where a secret may be used. */
export function bindSecret(ctx: VaultContext, name: string, bindings: SecretBindings): SecretInfo {
  rebind(ctx, rowOf(ctx, name), parseOrFail(SecretBindings, bindings, "bindings"));
  return infoOf(rowOf(ctx, name));
}

function rebind(ctx: VaultContext, { id, name }: SecretRow, bindings: SecretBindings): void {
  ctx.db.prepare("UPDATE secrets SET tools = ?, hosts = ?, methods = ? WHERE id = ?").run(...textsOf(bindings), id);
  const { version } = rowOf(ctx, name);
  const { tools, hosts, methods } = bindings;
  const purpose = `tools: ${tools.join(",")}; hosts: ${hosts.join(",")}; methods: ${methods.join(",")}`;
  ctx.audit.append({ action: "bind", name, version, purpose });
}

/** With its former values. False if there was none. */
export function removeSecret(ctx: VaultContext, name: string): boolean {
  const row = findRow(ctx, name);
  if (!row) return false;
  ctx.db.prepare("DELETE FROM secrets WHERE id = ?").run(row.id);
  ctx.audit.append({ action: "remove", name, version: row.version, purpose: "" });
  return true;
}
