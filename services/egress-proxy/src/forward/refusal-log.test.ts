import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLogger, ManualClock } from "@berth/platform";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRefusalLog, type RefusalLog, type RefusedAttempt } from "./refusal-log.ts";

const log = createLogger({ service: "test", level: "silent" });
const attempt: RefusedAttempt = { client: "gateway", host: "a.example", port: 443, reason: "not_listed", quiet: false };

let folder: string;
let clock: ManualClock;
let refusals: RefusalLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "refusals-"));
  clock = new ManualClock();
  refusals = openRefusalLog(folder, clock, log);
});
afterEach(() => {
  refusals.close();
  rmSync(folder, { recursive: true });
});
const reopen = () => {
  refusals.close();
  refusals = openRefusalLog(folder, clock, log);
};
function rows(): Record<string, unknown>[] {
  const db = new DatabaseSync(join(folder, "refusals.db"), { readOnly: true });
  const all = db.prepare("SELECT * FROM refusals ORDER BY minute, client").all();
  db.close();
  return all;
}

describe("the log of refusals", () => {
  it("keeps one row a minute, client, host, port and reason, with its count, over a restart", () => {
    for (let times = 0; times < 3; times += 1) refusals.note(attempt);
    refusals.note({ ...attempt, client: "executor", reason: "port" });
    clock.advance(60_000);
    refusals.note(attempt);
    reopen();
    expect(rows().map(({ client, reason, count }) => `${client} ${reason} ${count}`)).toEqual([
      "executor port 1",
      "gateway not_listed 3",
      "gateway not_listed 1",
    ]);
    expect(refusals.report()).toMatchObject({
      refusedTotal: 5,
      recent: [{ count: 4, client: "gateway" }, { count: 1 }],
    });
  });

  it("tells the ten newest hosts of the last day, and the total for ever", () => {
    for (let at = 0; at < 12; at += 1) {
      refusals.note({ ...attempt, host: `h${at}.example` });
      clock.advance(1000);
    }
    expect(refusals.report().recent.map(({ host }) => host)).toEqual(
      Array.from({ length: 10 }, (_, at) => `h${11 - at}.example`),
    );
    clock.advance(86_400_000);
    expect(refusals.report()).toEqual({ refusedTotal: 12, recent: [] });
  });

  it("audits what is no news without telling it", () => {
    refusals.note({ ...attempt, quiet: true });
    expect(refusals.report()).toEqual({ refusedTotal: 0, recent: [] });
    expect(rows()).toHaveLength(1);
  });

  it("is bounded: a flood of names becomes a hundred rows a minute, and 10,000 rows or 30 days are kept", {
    timeout: 60_000,
  }, () => {
    for (let at = 0; at < 5000; at += 1) refusals.note({ ...attempt, host: `h${at}.example` });
    expect(rows()).toHaveLength(101);
    expect(rows().find(({ host }) => host === "(other hosts)")).toMatchObject({ count: 4900 });
    for (let minute = 0; minute < 110; minute += 1) {
      clock.advance(60_000);
      for (let at = 0; at < 100; at += 1) refusals.note({ ...attempt, host: `h${at}.example` });
    }
    expect(rows().length).toBeLessThanOrEqual(10_100);
    clock.advance(31 * 86_400_000);
    refusals.note(attempt);
    expect(rows()).toHaveLength(1);
  });

  it("goes on refusing when nothing can be written, and writes it down when it can again", () => {
    const blocker = new DatabaseSync(join(folder, "refusals.db"));
    blocker.exec("BEGIN IMMEDIATE");
    refusals.note(attempt);
    clock.advance(60_000);
    refusals.note(attempt);
    expect(refusals.report()).toMatchObject({ refusedTotal: 2, recent: [{ count: 1 }, { count: 1 }] });
    blocker.exec("ROLLBACK");
    blocker.close();
    refusals.note(attempt);
    expect(refusals.report()).toMatchObject({ refusedTotal: 3, recent: [{ count: 3 }] });
    expect(rows().map(({ count }) => count)).toEqual([1, 2]);
  });
});
