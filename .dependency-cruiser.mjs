/** The directions of `architecture`: each rule has a test in `scripts/verify/dependency-rules.test.ts` that shows it can fail. */
const workspace = "^(?:apps|packages|services)/";
/** Tests and what only they use (`testing/`, `test-doubles/`) may reach further. */
const notTest = "\\.(?:test|spec)\\.tsx?$|/(?:testing|test-doubles)/";

/** @param {string} name @param {string} from @param {string[]} allowed packages of ours that it may import */
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: `^${from}/`, pathNot: notTest },
  to: { path: workspace, pathNot: [`^${from}/`, ...allowed.map((folder) => `^packages/${folder}/`)] },
});

const network =
  "^(?:node:)?(?:net|http|https|http2|tls|dgram|dns|child_process)(?:/|$)|(?:^|/)node_modules/(?:undici|ws|ssh2)/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "contracts-import-zod-only",
      severity: "error",
      from: { path: "^packages/contracts/", pathNot: notTest },
      to: { pathNot: ["^packages/contracts/", "(?:^|/)node_modules/zod/"] },
    },
    ...["policy", "redaction", "vault"].map((pure) =>
      only(`${pure}-imports-contracts-and-platform-only`, `packages/${pure}`, ["contracts", "platform"]),
    ),
    {
      name: "pure-packages-do-no-network-io",
      severity: "error",
      from: { path: "^packages/(?:policy|redaction|vault)/", pathNot: notTest },
      to: { path: network },
    },
    {
      name: "vault-is-for-the-agent",
      comment: "One process opens the vault's file; whoever needs a value asks the agent over a socket.",
      severity: "error",
      from: { path: workspace, pathNot: ["^packages/vault/", "^services/tenant-agent/"] },
      to: { path: "^packages/vault/" },
    },
    {
      name: "db-is-for-core-seed-scripts-and-testkit",
      severity: "error",
      from: { path: workspace, pathNot: ["^packages/(?:core|db|testkit)/", notTest] },
      to: { path: "^packages/db/" },
    },
    {
      name: "queue-is-for-core-and-worker",
      severity: "error",
      from: { path: workspace, pathNot: ["^packages/(?:core|queue|testkit)/", "^services/worker/", notTest] },
      to: { path: "^packages/queue/" },
    },
    {
      name: "prisma-is-for-db",
      severity: "error",
      from: { path: workspace, pathNot: "^packages/db/" },
      to: { path: "(?:^|/)node_modules/@prisma/" },
    },
    {
      name: "apps-other-than-hub-know-only-the-public-api",
      severity: "error",
      from: { path: "^apps/(?!hub/)", pathNot: notTest },
      to: { path: "^packages/", pathNot: "^packages/(?:contracts|api-client|ui)/" },
    },
    {
      name: "tenant-services-ship-without-the-hub",
      severity: "error",
      from: { path: "^services/(?:tenant-agent|egress-proxy|safety-wrapper)/", pathNot: notTest },
      to: { path: "^packages/(?:core|db|queue|billing|notify|cloud|provisioning|testkit|emulators)/" },
    },
    {
      name: "nothing-imports-apps-or-services",
      severity: "error",
      from: { path: "^(?:packages|prisma)/" },
      to: { path: "^(?:apps|services)/" },
    },
    {
      name: "apps-and-services-do-not-import-one-another",
      severity: "error",
      from: { path: "^((?:apps|services)/[^/]+)/", pathNot: notTest },
      to: { path: "^(?:apps|services)/", pathNot: "^$1/" },
    },
    {
      name: "no-deep-imports",
      comment: "Another workspace is entered through its exports only, never by a relative path.",
      severity: "error",
      from: { path: "^((?:apps|packages|services)/[^/]+)/" },
      to: {
        path: "^packages/",
        pathNot: "^$1/",
        dependencyTypes: ["local"],
        dependencyTypesNot: ["aliased-workspace"],
      },
    },
    { name: "no-cycles", severity: "error", from: { path: workspace }, to: { circular: true } },
    {
      name: "no-unresolvable-imports",
      severity: "error",
      from: { path: workspace, pathNot: "^services/safety-wrapper/" },
      to: { couldNotResolve: true, pathNot: "generated" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: "node_modules" },
    // packages/redaction/core is AssemblyScript: its imports name no file endings.
    exclude: { path: "/(?:\\.next|generated|dist)/|^packages/redaction/core/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
