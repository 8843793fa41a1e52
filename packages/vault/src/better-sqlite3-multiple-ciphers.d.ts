/** The part that is used here; the package hides its own types behind `exports`. */
declare module "better-sqlite3-multiple-ciphers" {
  type SqlValue = string | number | bigint | null | Uint8Array;
  interface Statement {
    run(...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint };
    get(...values: SqlValue[]): unknown;
    all(...values: SqlValue[]): unknown[];
  }
  class Database {
    constructor(file: string, options?: { timeout?: number });
    pragma(text: string, options?: { simple?: boolean }): unknown;
    key(key: Buffer): void;
    rekey(key: Buffer): void;
    exec(sql: string): void;
    prepare(sql: string): Statement;
    /** Runs `work` in an immediate transaction and rolls back if it throws. */
    transaction<A extends unknown[], R>(work: (...args: A) => R): { (...args: A): R; immediate(...args: A): R };
    close(): void;
  }

  export { Statement };
  export default Database;
}
