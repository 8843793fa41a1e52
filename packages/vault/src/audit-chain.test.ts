import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createVaultLab, entry, type VaultLab, value } from "./testing/vault-lab.ts";

let lab: VaultLab;
beforeEach(() => {
  lab = createVaultLab();
  lab.open().set(entry("api_key", value));
  for (let use = 0; use < 4; use += 1) lab.open().get("api_key", `use ${use}`);
});
afterEach(() => lab.remove());

test.each([
  ["whose purpose was changed", "UPDATE audit SET purpose = 'harmless' WHERE seq = 3", 3],
  ["whose time was changed", "UPDATE audit SET at = at + 1 WHERE seq = 2", 2],
  ["whose action was changed", "UPDATE audit SET action = 'set' WHERE seq = 4", 4],
  ["whose action is unknown", "UPDATE audit SET action = 'nothing' WHERE seq = 4", 4],
  ["whose hash was changed", "UPDATE audit SET hash = previous_hash WHERE seq = 1", 1],
  ["that is the first, removed", "DELETE FROM audit WHERE seq = 1", 1],
  ["removed", "DELETE FROM audit WHERE seq = 2", 2],
  [
    "removed, and those after it moved up",
    "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2",
    2,
  ],
  ["cut off the end", "DELETE FROM audit WHERE seq >= 3", 3],
  ["cut off with all others", "DELETE FROM audit", 1],
  ["put in at the end", "INSERT INTO audit VALUES (9, 0, 'reveal', 'x', 1, '', '', '')", 6],
  ["put in before the first", "INSERT INTO audit VALUES (-1, 0, 'reveal', 'x', 1, '', '', '')", 1],
  [
    "swapped with its neighbour",
    "UPDATE audit SET seq = -2 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -2",
    2,
  ],
  [
    "behind a head that was set back",
    "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)",
    6,
  ],
  ["behind a head that was removed", "DELETE FROM audit_head", 6],
])("an audit row %s breaks the chain there", (_what, sql, brokenAt) => {
  expect(lab.open().verify().auditBrokenAt).toBeNull();
  lab.tamper(sql);
  expect(lab.open().verify().auditBrokenAt).toBe(brokenAt);
});

test("any one row or field that is touched at random breaks the chain", () => {
  const columns = ["at", "action", "name", "version", "purpose", "previous_hash", "hash"];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...columns), (seq, column) => {
      const original = lab.withFile((db) => db.prepare(`SELECT ${column} AS was FROM audit WHERE seq = ?`).get(seq));
      const { was } = original as { was: string | number };
      const changed = typeof was === "number" ? was + 1 : `${was}.`;
      lab.withFile((db) => db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(changed, seq));
      expect(lab.open().verify().auditBrokenAt).toBe(seq);
      lab.withFile((db) => db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(was, seq));
      expect(lab.open().verify().auditBrokenAt).toBeNull();
    }),
    { numRuns: 30 },
  );
}, 30_000);

test("whoever cuts rows and head alike is found out by a head that was noted earlier", () => {
  const noted = lab.open().auditHead();
  expect(noted).toMatchObject({ seq: 5 });
  lab.open().get("api_key", "later");
  expect(lab.open().verify([noted]).lostHead).toBe(false);
  lab.tamper(
    "DELETE FROM audit WHERE seq > 2; UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit WHERE seq = 2)",
  );
  expect(lab.open().verify()).toMatchObject({ auditBrokenAt: null, lostHead: false });
  expect(lab.open().verify([noted]).lostHead).toBe(true);
  // Also when the chain has grown past it again.
  for (let use = 0; use < 9; use += 1) lab.open().get("api_key", `use ${use}`);
  expect(lab.open().verify([noted])).toMatchObject({ auditBrokenAt: null, lostHead: true });
});

test("a head before the first row is in every chain, and none that is made up", () => {
  expect(lab.open().verify([{ seq: 0, hash: "0".repeat(64) }]).lostHead).toBe(false);
  expect(lab.open().verify([{ seq: 0, hash: "1".repeat(64) }]).lostHead).toBe(true);
  expect(lab.open().verify([{ seq: 99, hash: "1".repeat(64) }]).lostHead).toBe(true);
});

test("a chain of more rows than are read at once is whole, and found broken late", () => {
  for (let use = 0; use < 2100; use += 1) lab.open().handOver("many");
  expect(lab.open().verify().auditBrokenAt).toBeNull();
  expect(lab.open().audit()).toHaveLength(2105);
  lab.tamper("UPDATE audit SET version = 7 WHERE seq = 2050");
  expect(lab.open().verify().auditBrokenAt).toBe(2050);
}, 60_000);
