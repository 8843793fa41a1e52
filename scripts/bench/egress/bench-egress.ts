import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleTenant } from "../../bundle-tenant.ts";
import { quantile, rounded } from "../measure.ts";
import { loadOnce, type Sample, type Target } from "./load.ts";
import { type BenchProcess, freePort, startNode, startOurProxy, startPortkey } from "./processes.ts";
import { benchSecrets, chatBodies } from "./prompts.ts";

const sizes = { "10k": 10 * 1024, "64k": 64 * 1024 };
const rounds = 6;
const roundSeconds = 1.2;
const headers = { "content-type": "application/json", authorization: "Bearer dummy" };
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Contestants {
  targets: Target[];
  ours: BenchProcess;
  missing: string | null;
  stop(): Promise<void>;
}

async function startAll(folder: string, bundle: string): Promise<Contestants> {
  const ports = { upstream: await freePort(), passThrough: await freePort() };
  const started: BenchProcess[] = [];
  const begin = async (process: Promise<BenchProcess>): Promise<BenchProcess> => {
    started.push(await process);
    return process;
  };
  await begin(startNode([here("upstream.ts"), String(ports.upstream)], ports.upstream, /ready/));
  const argv = [here("pass-through.ts"), String(ports.passThrough), String(ports.upstream)];
  await begin(startNode(argv, ports.passThrough, /ready/));
  const ours = await begin(startOurProxy(bundle, ports.upstream, benchSecrets(1000)));
  const portkey = await startPortkey(folder);
  if ("port" in portkey) started.push(portkey);
  const at = (name: string, port: number, place: string, more: Record<string, string> = {}): Target => ({
    name,
    origin: `http://127.0.0.1:${port}`,
    path: place,
    headers: { ...headers, ...more },
  });
  const completions = "/v1/chat/completions";
  const upstreamUrl = `http://127.0.0.1:${ports.upstream}/v1`;
  const toPortkey = { "x-portkey-provider": "openai", "x-portkey-custom-host": upstreamUrl };
  return {
    targets: [
      at("direct", ports.upstream, completions),
      at("passThrough", ports.passThrough, completions),
      at("ours", ours.port, `/llm/main/openai${completions}`),
      ...("port" in portkey ? [at("portkey", portkey.port, completions, toPortkey)] : []),
    ],
    ours,
    missing: "missing" in portkey ? portkey.missing : null,
    stop: async () => {
      for (const process of started.reverse()) await process.stop();
    },
  };
}

/** All targets by turns, so that a noisy machine is noisy for each of them. */
async function measure(targets: Target[], bytes: number): Promise<Map<string, Sample[]>> {
  const bodies = chatBodies(bytes, 32);
  const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await loadOnce(target, bodies, roundSeconds);
  for (let round = 0; round < rounds; round += 1) {
    for (const target of targets) samples.get(target.name)?.push(await loadOnce(target, bodies, roundSeconds));
  }
  return samples;
}

const ratesOf = (samples: Sample[] | undefined): number[] =>
  (samples ?? []).map(({ requestsPerSecond }) => requestsPerSecond);

/** The middle of the rounds' ratios: both numbers of a ratio were taken within seconds of each other. */
function ratio(samples: Map<string, Sample[]>, to: string): number {
  const [ours, theirs] = [ratesOf(samples.get("ours")), ratesOf(samples.get(to))];
  return rounded(
    quantile(
      ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)),
      0.5,
    ),
  );
}

function figuresOf(size: string, samples: Map<string, Sample[]>): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, taken] of samples) {
    const latencies = taken.flatMap((sample) => sample.latencies);
    figures[`${name}RequestsPerSecond${size}`] = rounded(quantile(ratesOf(taken), 0.5));
    figures[`${name}MsP50At${size}`] = rounded(quantile(latencies, 0.5));
    figures[`${name}MsP99At${size}`] = rounded(quantile(latencies, 0.99));
  }
  figures[`ratioToPassThrough${size}`] = ratio(samples, "passThrough");
  if (samples.has("portkey")) figures[`ratioToPortkey${size}`] = ratio(samples, "portkey");
  return figures;
}

/** Memory with 10,000 secrets, in a process that knew nothing else and has served a few seconds of requests. */
async function memoryAt10000(bundle: string): Promise<number> {
  const port = await freePort();
  const upstream = await startNode([here("upstream.ts"), String(port)], port, /ready/);
  const ours = await startOurProxy(bundle, port, benchSecrets(10_000));
  const target = {
    name: "ours",
    origin: `http://127.0.0.1:${ours.port}`,
    path: "/llm/main/openai/v1/chat/completions",
    headers,
  };
  await loadOnce(target, chatBodies(sizes["10k"], 32), 3);
  const mb = ours.residentMb();
  await ours.stop();
  await upstream.stop();
  return mb;
}

/**
 * Requests per second and milliseconds at 10 KB and 64 KB over 16 connections: the provider itself, a bare pass-through,
 * the proxy with 1,000 secrets, and `@portkey-ai/gateway`, each in a process of its own, before the same provider.
 */
export async function benchEgress(): Promise<Record<string, number | string>> {
  const folder = mkdtempSync(path.join(tmpdir(), "berth-bench-"));
  try {
    const { dir } = await bundleTenant({ outDir: path.join(folder, "tenant") });
    const bundle = path.join(dir, "opt/berth/egress-proxy.mjs");
    const contestants = await startAll(folder, bundle);
    const figures: Record<string, number | string> = {};
    for (const [size, bytes] of Object.entries(sizes)) {
      Object.assign(figures, figuresOf(size, await measure(contestants.targets, bytes)));
    }
    figures.rssMb1000 = rounded(contestants.ours.residentMb());
    if (contestants.missing) figures.note = contestants.missing;
    await contestants.stop();
    figures.rssMb10000 = rounded(await memoryAt10000(bundle));
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
