/**
 * What every command does first, on whatever Node >= 20 started it: install what package-lock.json says if that changed,
 * generate what is generated, and go on in the Node 24 that came with the installation.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const node24 = path.join(root, "node_modules/.bin", process.platform === "win32" ? "node.cmd" : "node");
const neededBytes = 3 * 1024 ** 3;

const digestOf = (files) => {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(path.join(root, file)));
  return hash.digest("hex");
};
const done = (marker, digest) => existsSync(marker) && readFileSync(marker, "utf8") === digest;

/** @param {string} title @param {string[]} command run with its output kept back unless it fails */
function step(title, command) {
  const started = Date.now();
  process.stdout.write(`${title} ...`);
  const ticker = process.stdout.isTTY ? setInterval(() => process.stdout.write("."), 2000) : undefined;
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: process.env,
    });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", (error) => (output += error.message));
    child.on("close", (code) => {
      clearInterval(ticker);
      process.stdout.write(` ${code === 0 ? "done" : "failed"} (${((Date.now() - started) / 1000).toFixed(0)} s)\n`);
      if (code !== 0) stop(`${title} failed:\n${output.split("\n").slice(-25).join("\n")}`);
      resolve(undefined);
    });
  });
}

function stop(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

async function install() {
  const marker = path.join(root, "node_modules/.berth-installed");
  const digest = digestOf(["package.json", "package-lock.json"]);
  if (done(marker, digest)) return;
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < neededBytes) {
    stop(`There is less than 3 GB free at ${root}. Free some space and start again.`);
  }
  await step("Installing packages (about a minute the first time)", ["npm", "install", "--no-audit", "--no-fund"]);
  if (!existsSync(node24)) {
    stop(
      `The installation brought no Node 24 for ${process.platform}/${process.arch}. If your npm leaves out optional packages, allow them (npm config set omit "") and start again.`,
    );
  }
  writeFileSync(marker, digestOf(["package.json", "package-lock.json"]));
}

async function generate() {
  const schema = "prisma/schema.prisma";
  if (!existsSync(path.join(root, schema))) return;
  const marker = path.join(root, ".berth/generated");
  const digest = digestOf([schema, "package-lock.json"]);
  if (done(marker, digest) && existsSync(path.join(root, "packages/db/src/generated"))) return;
  await step("Generating the database client", ["npm", "run", "--silent", "generate"]);
  mkdirSync(path.dirname(marker), { recursive: true });
  writeFileSync(marker, digest);
}

/** Installs, generates, then runs `script` under Node 24 with this process's arguments and ends as it ended. */
export async function runUnderNode24(script) {
  await install();
  await generate();
  const bin = path.join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}`, NODE_NO_WARNINGS: "1" };
  const version = spawnSync(node24, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "";
  if (!/^v(?:2[4-9]|[3-9]\d)\./.test(version)) stop(`Node 24 or newer was expected in ${bin}, found "${version}".`);
  const child = spawn(node24, [path.join(root, script), ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
