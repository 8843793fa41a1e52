import path from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  transpilePackages: [
    "@berth/api-client",
    "@berth/billing",
    "@berth/cloud",
    "@berth/contracts",
    "@berth/core",
    "@berth/db",
    "@berth/notify",
    "@berth/platform",
    "@berth/policy",
    "@berth/provisioning",
    "@berth/queue",
    "@berth/ui",
  ],
  serverExternalPackages: ["better-sqlite3-multiple-ciphers", "bullmq", "pg", "pino", "ssh2"],
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [
    {
      source: "/:path((?!api/).*)",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
      ],
    },
  ],
};

export default config;
