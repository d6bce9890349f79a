// Finds a Chromium for the browser tests, or says how to get one.
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Names another browser than the one that would be found: a path to a Chromium or Chrome executable. */
export const CHROMIUM_VARIABLE = "PLUMBLINE_CHROMIUM";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "chrome",
  "chrome-headless-shell",
];
const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/lib/chromium/chromium",
  "/snap/bin/chromium",
  "/opt/google/chrome/chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * The browser the variable names, else the first that is in the search path or a usual place.
 * @param {{ env?: Record<string, string | undefined>, isExecutable?: (path: string) => boolean }} [options]
 * @returns {string | undefined} undefined when there is none
 * @throws {Error} when the variable names something that cannot be executed
 */
export function findChromium({ env = process.env, isExecutable = executable } = {}) {
  const named = env[CHROMIUM_VARIABLE];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`${CHROMIUM_VARIABLE} names ${named}, which is not an executable file.`);
  }
  const extension = process.platform === "win32" ? ".exe" : "";
  const inPath = (env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => NAMES.map((name) => join(folder, name + extension)));
  return [...inPath, ...PATHS].find(isExecutable);
}

/**
 * The command that installs Chromium on this machine.
 * @param {{ platform: string, osRelease: string, root: boolean }} machine  `osRelease`: text of /etc/os-release
 * @returns {{ command: string, automatic: boolean }} `automatic`: Debian as root, where the tests install it themselves
 */
export function installation({ platform, osRelease, root }) {
  if (platform === "darwin") return { command: "brew install --cask google-chrome", automatic: false };
  if (platform === "win32") return { command: "winget install Google.Chrome", automatic: false };
  const id = /^ID="?([\w-]+)"?$/m.exec(osRelease)?.[1] ?? "";
  const sudo = root ? "" : "sudo ";
  const known = {
    debian: `${sudo}apt-get install -y --no-install-recommends chromium`,
    ubuntu: `${sudo}snap install chromium`,
    fedora: `${sudo}dnf install -y chromium`,
    alpine: `${sudo}apk add chromium`,
    arch: `${sudo}pacman -S --noconfirm chromium`,
  };
  return { command: known[id] ?? `${CHROMIUM_VARIABLE}=/path/to/chrome npm test`, automatic: id === "debian" && root };
}

/**
 * Finds Chromium; on Debian as root installs the package when there is none.
 * @param {(line: string) => void} say
 * @returns {string} path of the executable
 * @throws {Error} with the one command to run, where it is not found and not installed
 */
export function ensureChromium(say) {
  const found = findChromium();
  if (found !== undefined) return found;
  const { command, automatic } = installation({
    platform: process.platform,
    osRelease: readText("/etc/os-release"),
    root: process.getuid?.() === 0,
  });
  if (automatic) {
    say("setup: installing Chromium for the browser tests (apt-get)");
    apt("update");
    apt("install", "-y", "--no-install-recommends", "chromium");
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Error(`The browser tests need Chromium and found none.\n  fix: ${command}`);
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const done = spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env });
  if (done.status !== 0) throw new Error(`apt-get ${args.join(" ")} failed; see its message above.`);
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
