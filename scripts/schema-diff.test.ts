import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diffSchemas } from "./schema-diff.ts";

const read = (file: string) => readFileSync(new URL(`../prisma/${file}`, import.meta.url), "utf8");

test("every change of schema.prisma has a migration", async () => {
  expect(await diffSchemas(read("migrations/schema.snapshot.prisma"), read("schema.prisma"))).toBeNull();
});

test("a changed column comes out as SQL", async () => {
  const schema = read("schema.prisma");
  const changed = schema.replace("isStaff       Boolean      @default(false)", "isStaff       Boolean?");
  expect(changed).not.toBe(schema);
  expect(await diffSchemas(schema, changed)).toContain('ALTER COLUMN "isStaff" DROP NOT NULL');
});
