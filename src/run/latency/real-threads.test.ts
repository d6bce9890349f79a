import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadSystem, projectAt } from "../../config/index.ts";
import { openDataset } from "../../dataset/index.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, readLatency } from "../../runlog/index.ts";
import { owner } from "../../runlog/testing/made-log.ts";
import { buildSystem } from "../../system/index.ts";
import { executeRun } from "../execute-run.ts";
import { placeRun } from "../place-run.ts";
import { tinyProject } from "../testing/tiny-project.ts";
import { measureLatency } from "./measure-latency.ts";
import { searchThreads } from "./search-threads.ts";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
let built: string;
let entry: URL;

/** Threads run compiled code; inside the repository, where its packages are found. */
beforeAll(async () => {
  await mkdir(join(REPOSITORY, ".cache"), { recursive: true });
  built = await mkdtemp(join(REPOSITORY, ".cache", "threads-"));
  const source = fileURLToPath(new URL("./search-worker.ts", import.meta.url));
  await build({ configFile: false, logLevel: "silent", build: { ssr: source, outDir: built, emptyOutDir: false } });
  await writeFile(join(built, "package.json"), '{"type":"module"}');
  entry = pathToFileURL(join(built, "search-worker.js"));
});
afterAll(() => rm(built, { recursive: true, force: true }));

it("BM25 in 1, 2 and 4 threads finds what the run found, each thread with the index saved in the cache", async () => {
  const root = await tempFolder();
  const project = await tinyProject(root);
  const plan = await project.plan();
  const store = await project.store();
  const system = await loadSystem(projectAt(root), "made", {});
  const dataset = await openDataset(join(root, "datasets", "tiny"));
  const { corpusSha256 } = await dataset.fingerprint();
  const files = { corpusSha256, cacheDir: join(root, ".cache"), env: {} };
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const signal = new AbortController().signal;
  const ready = await buildSystem(system, { ...files, passages: () => dataset.passages(), signal, clock });
  const place = await placeRun(project.runs, plan, {});
  await executeRun(plan, place, { system: ready, passages: store, clock, signal, owner: owner() });
  await store.close();

  const facts = { code: { version: "0.1.0" }, machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20" } };
  const common = { retriever: ready.retriever!, clock, signal, owner: owner(), ...facts };
  await measureLatency(
    place.dir,
    { warmup: 3, batch: 2 },
    { ...common, threads: searchThreads({ ...files, system, entry }) },
  );
  const pass = (await readLatency(await openRun(place.dir)))!;
  expect(pass).toMatchObject({ compared: 9, different: 0, failures: 0, notMeasured: 0 });
  expect(pass.throughput.map(({ kind, workers }) => [kind, workers])).toEqual(
    [0, 1, 2, 4].map((n) => ["throughput", n]),
  );
  for (const line of pass.throughput) expect(line).toMatchObject({ compared: 9, different: 0, source: "measured" });

  const elsewhere = searchThreads({ ...files, cacheDir: join(root, "empty"), system, entry });
  expect(typeof elsewhere === "function" && (await elsewhere(1))).toEqual({
    unavailable: "not put into threads: its index is not saved in the cache",
  });
});
