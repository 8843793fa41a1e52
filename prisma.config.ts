import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// `generate` needs no schema engine; naming a stub keeps the CLI from downloading one, and `prisma migrate` fails loudly.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("./prisma/no-engine.sh", import.meta.url));

export default defineConfig({ schema: "prisma/schema.prisma" });
