import { existsSync, readFileSync } from "node:fs";
import { VaultSeed } from "@berth/contracts";
import { fail, parseOrFail } from "@berth/platform";
import type { Vault } from "@berth/vault";
import { wipeFile } from "./wipe-file.ts";

/**
 * Takes the secrets of the one-time seed file into the vault, all or none, then wipes the file. A crash in between is
 * harmless: the same import changes nothing. Throws `invalid_input`; the file is kept then.
 */
export function importSeed(seedFile: string, vault: Vault): number {
  if (!existsSync(seedFile)) return 0;
  const { secrets } = parseOrFail(VaultSeed, readJson(seedFile), "vault seed");
  vault.import(secrets);
  wipeFile(seedFile);
  return secrets.length;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    return fail("invalid_input", "The vault seed is not JSON.");
  }
}
