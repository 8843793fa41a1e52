import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { parseOrFail } from "@berth/platform";
import { z } from "zod";
import type { DnsProvider } from "../provider.ts";
import { readFileIfThere, writeFileAtomically } from "./atomic-file.ts";

const DnsName = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, "a lower-case DNS name");
const Record = z.object({ name: DnsName, ipv4: z.ipv4() });

/**
 * DNS records as files, `<labDir>/dns/<name>.json`: one each, so that two writers cannot lose each other's record.
 * Throws `invalid_input` for what is no DNS name or IPv4 address.
 */
export function createLocalDns(options: { labDir: string }): DnsProvider {
  const dir = path.join(options.labDir, "dns");
  const fileOf = (name: string) => path.join(dir, `${parseOrFail(DnsName, name, "DNS name")}.json`);
  return {
    async upsertRecord(record) {
      const valid = parseOrFail(Record, record, "DNS record");
      await mkdir(dir, { recursive: true });
      await writeFileAtomically(fileOf(valid.name), `${JSON.stringify(valid)}\n`, 0o644);
    },
    async deleteRecord(name) {
      await rm(fileOf(name), { force: true });
    },
    async findRecord(name) {
      const text = await readFileIfThere(fileOf(name));
      return text === null ? null : Record.parse(JSON.parse(text));
    },
  };
}
