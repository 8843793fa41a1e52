import { HttpMethod, SecretBindings, VaultSeedEntry } from "@berth/contracts";
import { fail } from "@berth/platform";
import { AuditHead, parseRecoveryKey, RecoveryRecipient, type Vault } from "@berth/vault";
import { z } from "zod";
import type { SecretRegistry } from "../gate/secret-registry.ts";
import type { AgentState } from "../open-state.ts";
import { type AnyRoute, noBody, route } from "./serve-socket.ts";

export interface AdminApiDeps {
  state: Pick<AgentState, "vault" | "rekey" | "auditAnchor">;
  secrets: Pick<SecretRegistry, "refresh">;
  status: () => unknown;
}

const HostPattern = z
  .string()
  .toLowerCase()
  .regex(
    /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$|^\[[0-9a-f:]+\]$/,
    "must be a host such as api.example.com or *.example.com, without scheme, port or path",
  );
const ToolName = z.string().regex(/^[a-z][a-z0-9_.-]{0,63}$/, "must be a tool's name, such as run_command");

/** Lists that are not given stay as they are. */
export const BindInput = z.strictObject({
  tools: z.array(ToolName).optional(),
  hosts: z.array(HostPattern).optional(),
  methods: z.array(HttpMethod).optional(),
});
export const SetInput = VaultSeedEntry.omit({ bindings: true }).extend({ bindings: BindInput.optional() });
export const RekeyInput = z.strictObject({ key: z.string().regex(/^[0-9a-f]{64}$/, "must be 32 bytes in hex") });
export const VerifyInput = z.strictObject({ heads: z.array(AuditHead).default([]) });
export const RecoveryKeyInput = z.strictObject({ recipient: RecoveryRecipient, replace: z.boolean().default(false) });
export const RestoreInput = z.strictObject({ backup: z.base64(), recoveryKey: z.string() });

/** What a new secret may be used for if nothing is said: no tool, no host, every method. */
const unbound = SecretBindings.parse({ tools: [], hosts: [] });

function bindingsFor(vault: Vault, name: string, given: z.infer<typeof BindInput> = {}): SecretBindings {
  const present = vault.find(name)?.bindings ?? unbound;
  return {
    tools: given.tools ?? present.tools,
    hosts: given.hosts ?? present.hosts,
    methods: given.methods ?? present.methods,
  };
}

/** For `berth-vault` and people on the machine itself. Values go in; none ever comes out, but sealed for the customer. */
export function adminRoutes({ state, secrets, status }: AdminApiDeps): Record<string, AnyRoute> {
  const { vault } = state;
  /** What was stored is redacted and usable from now on. */
  const changed = <T>(result: T): T => {
    secrets.refresh();
    return result;
  };
  return {
    "GET /v1/status": route(noBody, () => status()),
    "GET /v1/secrets": route(noBody, () => ({ secrets: vault.list() })),
    "PUT /v1/secrets": route(SetInput, ({ bindings, ...entry }) =>
      changed(vault.set({ ...entry, bindings: bindingsFor(vault, entry.name, bindings) })),
    ),
    "PUT /v1/values/*": route(z.strictObject({ value: z.string() }), ({ value }, name) =>
      changed(vault.rotate(name, value)),
    ),
    "PUT /v1/bindings/*": route(BindInput, (given, name) => changed(vault.bind(name, bindingsFor(vault, name, given)))),
    "DELETE /v1/secrets/*": route(noBody, (_body, name) => changed({ removed: vault.remove(name) })),
    "GET /v1/audit": route(noBody, () => ({ entries: vault.audit() })),
    "POST /v1/verify": route(VerifyInput, ({ heads }) => vault.verify([...heads, ...state.auditAnchor.noted()])),
    ...keyRoutes(state),
    "POST /v1/restore": route(RestoreInput, async ({ backup, recoveryKey }) => {
      const result = await vault.restore(Buffer.from(backup, "base64"), parseRecoveryKey(recoveryKey));
      state.auditAnchor.startAnew();
      return changed(result);
    }),
  };
}

/** The keys around the vault: the one it is sealed with, and the one its backups are sealed for. */
function keyRoutes({ vault, rekey }: AdminApiDeps["state"]): Record<string, AnyRoute> {
  return {
    "GET /v1/key": route(noBody, () => ({ fingerprint: vault.keyFingerprint() })),
    // `berth-vault rekey` has put the new key into the key file already; only it can: the file is root's.
    "POST /v1/rekey": route(RekeyInput, ({ key }) => {
      rekey(Buffer.from(key, "hex"));
      return { fingerprint: vault.keyFingerprint() };
    }),
    "GET /v1/recovery-key": route(noBody, () => ({ recovery: vault.recovery() })),
    "PUT /v1/recovery-key": route(RecoveryKeyInput, ({ recipient, replace }) =>
      vault.setRecovery(recipient, { replace }),
    ),
    "POST /v1/backup": route(noBody, async () => {
      if (!vault.recovery()) fail("conflict", "There is no recovery key yet. Make one: berth-vault recovery-key new");
      return { backup: Buffer.from(await vault.backup()).toString("base64"), secrets: vault.list().length };
    }),
  };
}
