// npm run build:faiss: gets the optional package faiss-node and compiles its own source against the system's faiss.
//
// Its prebuilt binary comes from outside the registry, and its source expects faiss 1.7.4: Debian's 1.7.3 needs one alias.
// Needs g++, and on Debian or Ubuntu: apt install libfaiss-dev libopenblas-dev. Everything goes to .cache/faiss.
//
// Exit codes: 0 built, 4 something it needs is missing or a step failed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "0.5.1";
const FOLDER = resolve(fileURLToPath(import.meta.url), "../../.cache/faiss");
const PACKAGE = join(FOLDER, "node_modules/faiss-node");
const RESULT = join(PACKAGE, "build/Release/faiss-node.node");

function fail(message, fix) {
  console.error(`${message}\n  fix: ${fix}`);
  process.exit(4);
}

function step(command, args, fix) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: FOLDER, encoding: "utf8" });
  if (status === 0) return;
  fail(`${command} failed: ${error?.message ?? `${stdout}${stderr}`.trim().split("\n").slice(-12).join("\n")}`, fix);
}

const nodeHeaders = [process.env.NODE_INCLUDE, join(dirname(process.execPath), "../include/node"), "/usr/include/node"]
  .filter((path) => path !== undefined)
  .find((path) => existsSync(join(path, "node_api.h")));
if (!nodeHeaders) fail("Node's headers (node_api.h) are not beside it", "set NODE_INCLUDE to the folder that has them");
if (!existsSync("/usr/include/faiss/Index.h"))
  fail("faiss is not installed", "apt install libfaiss-dev libopenblas-dev");

mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, "package.json"), '{"private":true}\n');
const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `faiss-node@${VERSION}`];
step("npm", install, "check the connection to the package registry");
writeFileSync(
  join(FOLDER, "alias.h"),
  "#pragma once\n#include <faiss/Index.h>\nnamespace faiss { using idx_t = Index::idx_t; }\n",
);
// Distributions compile faiss for the oldest processors, which makes its search several times slower. The one function that a
// graph search spends its time in is compiled here for this processor: of two definitions
// the linker is told to take the first.
writeFileSync(
  join(FOLDER, "product.cc"),
  `#include <cstddef>
namespace faiss {
__attribute__((visibility("default"))) float fvec_inner_product(const float* x, const float* y, size_t d) {
  float sum = 0;
  for (size_t i = 0; i < d; i++) sum += x[i] * y[i];
  return sum;
}
}  // namespace faiss
`,
);
mkdirSync(dirname(RESULT), { recursive: true });
const flags = ["-O2", "-std=c++17", "-fPIC", "-shared", "-fopenmp", "-DNAPI_VERSION=8", "-DNAPI_CPP_EXCEPTIONS"];
const includes = [
  "-include",
  join(FOLDER, "alias.h"),
  `-I${nodeHeaders}`,
  `-I${join(FOLDER, "node_modules/node-addon-api")}`,
];
const draft = `${RESULT}.draft`;
const product = join(FOLDER, "product.o");
step(
  "g++",
  ["-O3", "-march=native", "-ffast-math", "-fPIC", "-c", join(FOLDER, "product.cc"), "-o", product],
  "apt install g++",
);
step(
  "g++",
  [
    ...flags,
    ...includes,
    join(PACKAGE, "src/faiss.cc"),
    product,
    "-Wl,-z,muldefs",
    "-lfaiss",
    "-lopenblas",
    "-o",
    draft,
  ],
  "apt install g++ libfaiss-dev libopenblas-dev",
);
renameSync(draft, RESULT);
createRequire(import.meta.url)(RESULT);
console.log(`built ${RESULT}`);
