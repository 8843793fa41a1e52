/**
 * Works on a vault until it is killed, or kills itself with -9 right before or after the n-th call that changes something
 * on the disk. Tells on stdout what it begins and what it has done.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { fingerprintOf, openVault, rekeyTogether, settleKeyFile, stageNextKey } from "../index.ts";
import { type Act, actOf, after, type Model } from "./crash-model.ts";
import { bindings } from "./vault-lab.ts";

const [folder = "", seed = "", namesText = "", killAt = "0", acts = "1"] = process.argv.slice(2);
const file = `${folder}/vault.db`;
const keyFile = `${folder}/key`;

/** Numbers every changing call of node:fs; the process dies at the one that is told. */
function dieAtCall(wanted: number): void {
  let calls = 0;
  const step = () => {
    calls += 1;
    if (calls === wanted) process.kill(process.pid, "SIGKILL");
  };
  for (const name of [
    "openSync",
    "writeSync",
    "fsyncSync",
    "renameSync",
    "copyFileSync",
    "rmSync",
    "closeSync",
  ] as const) {
    const real: (...args: never[]) => unknown = fs[name];
    Object.assign(fs, {
      [name]: (...args: never[]) => {
        step();
        const result = real(...args);
        step();
        return result;
      },
    });
  }
  syncBuiltinESMExports();
}

const say = (line: object): void => void fs.writevSync(1, [Buffer.from(`${JSON.stringify(line)}\n`)]);

function perform(act: Act): void {
  switch (act.kind) {
    case "set":
      vault.set({ name: act.name, value: act.value, owner: "customer", bindings });
      return;
    case "rotate":
      vault.rotate(act.name, act.value);
      return;
    case "import":
      vault.import(
        Object.entries(act.values).map(([name, value]) => ({ name, value, owner: "customer" as const, bindings })),
      );
      return;
    case "remove":
      vault.remove(act.name);
      return;
    case "rekey": {
      const next = Buffer.from(act.key, "hex");
      settleKeyFile(keyFile, vault.keyFingerprint());
      stageNextKey(keyFile, next);
      rekeyTogether([vault.rekeying(next)]);
      settleKeyFile(keyFile, fingerprintOf(next));
    }
  }
}

if (Number(killAt) > 0) dieAtCall(Number(killAt));
const vault = openVault({ file, keyFile });
// The names are enough to draw an act.
let model: Model = Object.fromEntries(
  namesText
    .split(",")
    .filter(Boolean)
    .map((name) => [name, []]),
);
for (let index = 0; index < Number(acts); index += 1) {
  const act = actOf(`${seed}-${index}`, model);
  say({ begin: index });
  perform(act);
  model = after(model, act);
  say({ end: index });
}
vault.close();
