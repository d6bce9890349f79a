// Makes a clone ready to use: packages installed, sources compiled. Plain Node with no dependency, because it runs
// before there are any. Everything it has nothing to do for costs a few milliseconds and prints nothing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { argv, execPath, stderr } from "node:process";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const INSTALL_STAMP = "node_modules/.plumbline-setup";
const BUILD_STAMP = "dist/.plumbline-build";

/** A reason to stop that the user can act on; printed without a stack. */
export class SetupError extends Error {}

/**
 * Installs and builds where needed. Messages go to standard error, so that the output of a command stays clean.
 * @param {{ build?: boolean, root?: string, say?: (line: string) => void, node?: typeof process.versions }} [options]
 * @returns {{ installed: boolean, built: boolean }} what was done
 * @throws {SetupError} when Node is too old, or npm or the compiler fail
 */
export function ensureSetup({ build = true, root = ROOT, say = sayOnStderr, node = process.versions } = {}) {
  checkNode(node.node, requiredNode(root));
  const installed = installNeeded(root, node.node);
  if (installed) {
    say("setup: installing packages (npm ci --ignore-scripts)");
    install(root, node.node);
  }
  const built = build && buildNeeded(root);
  if (built) {
    say("setup: building (tsc)");
    compile(root);
  }
  return { installed, built };
}

/** @throws {SetupError} when `version` is older than `required`, both written `major.minor[.patch]` */
export function checkNode(version, required) {
  const [major, minor] = version.split(".").map(Number);
  const [needMajor, needMinor] = required.split(".").map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new SetupError(
    `Plumbline needs Node ${required} or later; this is ${version} (${execPath}).\n  fix: install a current Node, then run the command again`,
  );
}

function requiredNode(root) {
  const engines = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines?.node ?? "";
  return /^>=\s*(\d+\.\d+)/.exec(engines)?.[1] ?? "20.19";
}

/** Whether `node_modules` is other than what the lock file says for this Node and machine. */
export function installNeeded(root, nodeVersion) {
  return readIfThere(join(root, INSTALL_STAMP)) !== installFingerprint(root, nodeVersion);
}

// npm leaves out optional packages that do not fit the machine or the Node, so both are part of what is installed.
function installFingerprint(root, nodeVersion) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${lock} node${nodeVersion.split(".")[0]} ${process.platform}-${process.arch}\n`;
}

function install(root, nodeVersion) {
  const stamp = join(root, INSTALL_STAMP);
  // The stamp goes first and comes last: an install that is killed half-way leaves none, and is done again.
  rmSync(stamp, { force: true });
  const npm = process.env.npm_execpath;
  // The compiler is a development package and its binary an optional one, whatever NODE_ENV or a user's npmrc leave out.
  const args = ["ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-fund", "--no-audit"];
  const [command, commandArgs] = npm?.endsWith(".js") ? [execPath, [npm, ...args]] : ["npm", args];
  const done = spawnSync(command, commandArgs, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    shell: command === "npm" && process.platform === "win32",
  });
  if (done.error) throw new SetupError(`npm cannot be started (${done.error.message}).\n  fix: install npm`);
  if (done.status !== 0) {
    // npm explains in its first lines; the rest of what it prints is its manual.
    const why = done.stderr.split("\n").slice(0, 20).join("\n");
    throw new SetupError(`npm ci failed (${done.signal ?? `exit code ${done.status}`}):\n${why}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, installFingerprint(root, nodeVersion));
}

/** Whether a source was added, removed or changed since the last successful build. */
export function buildNeeded(root) {
  return readIfThere(join(root, BUILD_STAMP)) !== buildFingerprint(root);
}

// Names, sizes and times, not contents: a command starts with this check, and it must not be felt.
function buildFingerprint(root) {
  const files = [...sources(root), ...["tsconfig.json", "tsconfig.build.json", "package-lock.json"]];
  const hash = createHash("sha256");
  for (const file of files) {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    hash.update(`${file} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return `${hash.digest("hex")}\n`;
}

function compile(root) {
  const stamp = join(root, BUILD_STAMP);
  rmSync(stamp, { force: true });
  // Taken before the compiler reads: a file that changes meanwhile makes the next start build again.
  const fingerprint = buildFingerprint(root);
  removeStale(root);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const done = spawnSync(execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, encoding: "utf8" });
  if (done.status !== 0) {
    throw new SetupError(`The build failed:\n${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
}

/** Deletes from `dist` what no source makes any more, so that a package never carries a file that is gone. */
function removeStale(root) {
  const made = new Set(sources(root).map((file) => file.slice("src/".length).replace(/\.ts$/, "")));
  const dist = join(root, "dist");
  let removed = false;
  for (const file of walk(dist)) {
    const output = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(relative(dist, file).split(sep).join("/"))?.[1];
    if (output === undefined || made.has(output)) continue;
    rmSync(file);
    removed = true;
  }
  // The compiler's memory of what it wrote is no longer true.
  if (removed || !existsSync(dist)) rmSync(join(dist, ".tsbuildinfo"), { force: true });
}

function sources(root) {
  return walk(join(root, "src"))
    .map((file) => relative(root, file).split(sep).join("/"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("/testing/"))
    .sort();
}

function walk(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function sayOnStderr(line) {
  stderr.write(`${line}\n`);
}

/** Runs {@link ensureSetup} for a script: a {@link SetupError} ends the process with its message and exit code 1. */
export function setUpOrExit(options) {
  try {
    return ensureSetup(options);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) setUpOrExit();
