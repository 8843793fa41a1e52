import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fail, sha256Hex } from "@berth/platform";
import { infraPath } from "../infra-paths.ts";
import { completeMarker } from "./make-once.ts";

export const imageSuite = "bookworm";

/** A folder of files that is one read-only layer of the image; `key` changes with its recipe. */
export interface Layer {
  name: "debian" | "programs";
  key: string;
}

const read = (file: string) => readFileSync(infraPath(file), "utf8");

export const debianPackages = (): string[] => read("images/base/packages.txt").split("\n").filter(Boolean);

/** The Node 24 binary that npm installed for this machine's architecture; it is what runs on the servers too. */
export function nodeBinary(): string {
  const require = createRequire(import.meta.url);
  const name = `node-linux-${process.arch}`;
  const found = require.resolve
    .paths(name)
    ?.map((folder) => path.join(folder, name, "bin", "node"))
    .find(existsSync);
  return found ?? fail("unavailable", `The package ${name} is not installed. Run npm install in the repository.`);
}

/** The layers of the base image, lowest first. Debian is apart, so that a new OpenClaw does not build it again. */
export function imageLayers(): [Layer, Layer] {
  const debian = sha256Hex([imageSuite, process.arch, ...debianPackages(), read("images/base/patch.sh")].join("\n"));
  const programs = sha256Hex(
    [
      readFileSync(path.join(nodeBinary(), "../../package.json"), "utf8"),
      read("images/openclaw/package.json"),
      read("images/openclaw/package-lock.json"),
    ].join("\n"),
  );
  return [
    { name: "debian", key: debian.slice(0, 16) },
    { name: "programs", key: programs.slice(0, 16) },
  ];
}

export const layerDir = (cacheDir: string, layer: Layer): string =>
  path.join(cacheDir, "images", `${layer.name}-${layer.key}`);

/** overlayfs `lowerdir` order (uppermost first), or null when the image has to be built first. */
export function builtLayers(cacheDir: string): string[] | null {
  const dirs = imageLayers().map((layer) => layerDir(cacheDir, layer));
  return dirs.every((dir) => existsSync(completeMarker(dir))) ? dirs.reverse() : null;
}
