import { reveal, type Secret } from "@berth/platform";
import { createRedactor } from "@berth/redaction";
import type { SecretInfo, Vault } from "@berth/vault";

export interface SecretRegistry {
  redact(text: string): string;
  redactJson<T>(value: T): T;
  /** For a text that is still growing: what can be shown of it so far. */
  redactPartial(text: string): string;
  /** Names and values for the egress proxy's own matcher. */
  values(): { name: string; value: string }[];
  find(name: string): SecretInfo | null;
  names(): string[];
  /** The value, for one use, with an audit row. */
  use(name: string, purpose: string): Secret;
  /** To be called after every change of the vault. */
  refresh(): void;
}

/** The vault as the rest of the agent sees it: a matcher that is always up to date, and single uses. */
export function createSecretRegistry(vault: Vault, onChange: () => void): SecretRegistry {
  const load = () => vault.handOver("matcher").map(({ name, value }) => ({ name, value: reveal(value) }));
  let values = load();
  let redactor = createRedactor(values);
  return {
    redact: (text) => redactor.redactText(text),
    redactJson: (value) => redactor.redactJson(value),
    redactPartial: (text) => redactor.stream().push(text),
    values: () => values,
    find: (name) => vault.find(name),
    names: () => vault.list().map(({ name }) => name),
    use: (name, purpose) => vault.get(name, purpose),
    refresh: () => {
      values = load();
      redactor = createRedactor(values);
      onChange();
    },
  };
}
