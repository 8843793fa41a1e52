import { defineConfig } from "vitest/config";

const ignored = ["**/node_modules/**", "**/.next/**", "**/.berth/**"];

/** A project per kind of test, so that a machine that lacks a part can leave out just that kind. */
const project = (
  name: string,
  include: string[],
  exclude: string[] = [],
  serial = false,
  globalSetup: string[] = [],
) => ({
  test: {
    name,
    include,
    exclude: [...ignored, ...exclude],
    pool: "forks" as const,
    globalSetup,
    ...(serial ? { fileParallelism: false, testTimeout: 180_000, hookTimeout: 300_000 } : {}),
  },
});

export default defineConfig({
  test: {
    projects: [
      project(
        "unit",
        ["{apps,packages,services,scripts}/**/*.test.ts"],
        ["**/*.{integration,openclaw,machine,browser}.test.ts"],
      ),
      project("integration", ["**/*.integration.test.ts"], [], true, ["./packages/testkit/src/global-setup.ts"]),
      project("openclaw", ["**/*.openclaw.test.ts"], [], true),
      project("machine", ["**/*.machine.test.ts"], [], true),
      project("browser", ["**/*.browser.test.ts"], [], true),
    ],
  },
});
