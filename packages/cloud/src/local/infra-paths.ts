import { fileURLToPath } from "node:url";

const infraUrl = new URL("../../../../infra/", import.meta.url);

/** Absolute path of a file under the repository's `infra/`. */
export const infraPath = (relative: string): string => fileURLToPath(new URL(relative, infraUrl));
