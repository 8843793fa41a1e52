// `WebAssembly` is declared by the DOM library only.
/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
// The bare binding: the package's own entry point wants a bundler that imports .wasm files.
import * as binding from "@prisma/schema-engine-wasm/schema_engine_bg";

const never = (): never => {
  throw new Error("comparing schemas must not touch a database");
};

// On start-up the engine asks once whether the schema exists and which version runs; a schema-to-schema diff needs no more.
const offlineConnection = {
  provider: "postgres" as const,
  adapterName: "offline",
  executeRaw: never,
  executeScript: never,
  startTransaction: never,
  queryRaw: async (query: { sql: string }) =>
    query.sql.includes("server_version_num")
      ? {
          columnNames: ["exists", "version", "n"],
          columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
          rows: [[true, "PostgreSQL 16.0", 160000]],
        }
      : never(),
  getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
  dispose: async () => {},
};

let started: Promise<binding.SchemaEngine> | undefined;

/** The binding keeps one instance's memory in module variables, so there is one engine in a process. */
function engineOfThisProcess(): Promise<binding.SchemaEngine> {
  started ??= startEngine();
  return started;
}

async function startEngine(): Promise<binding.SchemaEngine> {
  const file = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    .replace(/\.js$/, ".wasm");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {
    "./schema_engine_bg.js": binding as unknown as WebAssembly.ModuleImports, // the module consists of the import functions
  });
  binding.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)(); // wasm-bindgen always exports its start function
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: "postgres",
    adapterName: "offline",
    connect: async () => offlineConnection,
    connectToShadowDb: never,
  };
  return binding.SchemaEngine.new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

/** SQL that turns the database of schema `from` (null: an empty one) into that of schema `to`; null when they are the same. */
export async function diffSchemas(from: string | null, to: string): Promise<string | null> {
  const engine = await engineOfThisProcess();
  const target = (content: string | null): binding.DiffTarget =>
    content === null ? { tag: "empty" } : { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content }] };
  const result = await engine.diff({
    from: target(from),
    to: target(to),
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.exitCode === 0 ? null : (result.stdout ?? "");
}
