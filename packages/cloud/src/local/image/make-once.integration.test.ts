import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withFileLock } from "../file-lock.ts";
import { makeOnce } from "./make-once.ts";

let folder = "";
let dir = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "berth-once-"));
  dir = path.join(folder, "layer");
});
afterEach(() => rm(folder, { recursive: true }));

test("what was broken off is made anew, without its remains", async () => {
  const broken = makeOnce(dir, async (draft) => {
    await writeFile(path.join(draft, "half"), "");
    throw new Error("cut");
  });
  await expect(broken).rejects.toThrow("cut");
  await mkdir(dir);
  await writeFile(path.join(dir, "moved-but-unmarked"), "");
  await makeOnce(dir, (draft) => writeFile(path.join(draft, "whole"), "1"));
  expect(await readdir(dir)).toEqual(["whole"]);
  await makeOnce(dir, () => Promise.reject(new Error("made twice")));
  expect((await readdir(folder)).sort()).toEqual(["layer", "layer.complete"]);
});

describe.skipIf(process.platform !== "linux")("on Linux", () => {
  test("of several makers at once one makes it and the others wait for the whole", async () => {
    let made = 0;
    const maker = () =>
      withFileLock(path.join(folder, "lock"), async () => {
        await makeOnce(dir, async (draft) => {
          made += 1;
          await writeFile(path.join(draft, "whole"), String(made));
        });
        return readFile(path.join(dir, "whole"), "utf8");
      });
    expect(await Promise.all([maker(), maker(), maker()])).toEqual(["1", "1", "1"]);
    expect(made).toBe(1);
  });

  test("where a system package is missing the sentence names it and how to get it", () => {
    const requirements = path.join(import.meta.dirname, "requirements.ts");
    const script = `import { missingRequirements } from ${JSON.stringify(requirements)}; console.log(missingRequirements().join("\\n"));`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { PATH: "/nonexistent" },
    });
    expect(said).toMatch(/apt-get install --no-install-recommends .*systemd-container/);
  });
});
