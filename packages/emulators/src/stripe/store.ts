import { DatabaseSync } from "node:sqlite";
import type { AnyObject, ObjectKind, Objects } from "./objects/index.ts";

const schema = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS objects (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, kind TEXT, json TEXT);
  CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
  CREATE TABLE IF NOT EXISTS hidden (id TEXT PRIMARY KEY, json TEXT);
  CREATE TABLE IF NOT EXISTS meter_events (identifier TEXT PRIMARY KEY, event_name TEXT, customer TEXT, value REAL, timestamp INTEGER);
  CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, fingerprint TEXT, status INTEGER, body TEXT, request_id TEXT, created INTEGER);
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT, endpoint TEXT, attempts INTEGER, due_at INTEGER, state TEXT, last_status INTEGER, last_error TEXT);
`;

/** Objects as they are served, in one SQLite file, or in memory if `file` is absent. All calls are synchronous. */
export function openStore(file?: string) {
  const database = new DatabaseSync(file ?? ":memory:");
  database.exec(schema);
  const sql = {
    get: database.prepare("SELECT json FROM objects WHERE id = ?"),
    list: database.prepare("SELECT json FROM objects WHERE kind = ? ORDER BY seq DESC"),
    put: database.prepare(
      "INSERT INTO objects (id, kind, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
    ),
    remove: database.prepare("DELETE FROM objects WHERE id = ?"),
    getHidden: database.prepare("SELECT json FROM hidden WHERE id = ?"),
    putHidden: database.prepare("INSERT OR REPLACE INTO hidden (id, json) VALUES (?, ?)"),
  };

  return {
    database,
    find<K extends ObjectKind>(kind: K, id: string): Objects[K] | null {
      const object = this.findAny(id);
      // `object` names the kind, so the narrowed value is that kind's object.
      return object?.object === kind ? (object as Objects[K]) : null;
    },
    findAny(id: string): AnyObject | null {
      const row = sql.get.get(id);
      // Only `put` writes this column, and it takes nothing but these objects.
      return row ? (JSON.parse(String(row.json)) as AnyObject) : null;
    },
    /** Newest first, as every Stripe list. */
    list<K extends ObjectKind>(kind: K): Objects[K][] {
      return sql.list.all(kind).map((row) => JSON.parse(String(row.json)) as Objects[K]); // see findAny
    },
    put<T extends AnyObject>(object: T): T {
      sql.put.run(object.id, object.object, JSON.stringify(object));
      return object;
    },
    remove(id: string): void {
      sql.remove.run(id);
    },
    /** Facts about an object that Stripe does not show: tiers before they are expanded, a signing secret. */
    hidden<T>(id: string): T | null {
      const row = sql.getHidden.get(id);
      return row ? (JSON.parse(String(row.json)) as T) : null; // the caller knows what it put there
    },
    hide(id: string, value: unknown): void {
      sql.putHidden.run(id, JSON.stringify(value));
    },
    transaction<T>(work: () => T): T {
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (thrown) {
        database.exec("ROLLBACK");
        throw thrown;
      }
    },
    close: () => database.close(),
  };
}

export type Store = ReturnType<typeof openStore>;
