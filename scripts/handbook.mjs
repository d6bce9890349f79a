// Builds datasets/handbook from docs/handbook/*.md and datasets/handbook/questions/*.yaml.
//
//   npm run handbook              writes what changed
//   npm run handbook -- --check   writes nothing; exits with 1 and names the files that differ
//
// Exit codes: 0 ok, 1 files differ, 2 usage, 3 the pages or questions have problems (all are printed).
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "./handbook/build.mjs";
import { formatProblem } from "./handbook/problem.mjs";

const options = {
  check: { type: "boolean", default: false },
  root: { type: "string", default: resolve(fileURLToPath(import.meta.url), "../..") },
};

async function main() {
  let args;
  try {
    args = parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}\n  usage: npm run handbook -- [--check] [--root FOLDER]`);
    return 2;
  }
  const { files, problems, summary } = await build(args.root);
  if (problems.length > 0) {
    console.error(problems.map(formatProblem).join("\n"));
    console.error(`\n${problems.length} ${problems.length === 1 ? "problem" : "problems"}, nothing written`);
    return 3;
  }
  const stale = [];
  for (const [path, text] of files) {
    if ((await readFile(join(args.root, path), "utf8").catch(() => undefined)) !== text) stale.push(path);
  }
  if (args.check && stale.length > 0) {
    console.error(`${stale.map((path) => `${path} differs from what the pages and questions give`).join("\n")}`);
    console.error("  fix: npm run handbook, and commit the result");
    return 1;
  }
  for (const path of stale) {
    await mkdir(dirname(join(args.root, path)), { recursive: true });
    await writeFile(join(args.root, path), files.get(path));
  }
  console.log(`${summary}; ${stale.length === 0 ? "all files up to date" : `wrote ${stale.join(", ")}`}`);
  return 0;
}

process.exitCode = await main();
