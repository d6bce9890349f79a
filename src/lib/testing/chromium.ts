import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The variable that names another browser. */
export const CHROMIUM_VARIABLE = "PLUMBLINE_CHROMIUM";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
] as const;

/** One process, no graphics card, and nothing of the browser's own that would touch the network. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

/**
 * The browser of the tests: what the variable names, else the first that stands in a usual place.
 * @throws Error that says the one command to run, when there is none
 */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
  exists: (path: string) => boolean = existsSync,
): string {
  const named = env[CHROMIUM_VARIABLE];
  if (named !== undefined && named !== "") {
    if (exists(named)) return named;
    throw new Error(`${CHROMIUM_VARIABLE} names ${named}, which is not there`);
  }
  const found = PLACES.find((path) => exists(path));
  if (found !== undefined) return found;
  throw new Error(
    `the browser tests need Chromium. Run: apt-get update && apt-get install -y chromium\n(or set ${CHROMIUM_VARIABLE} to a Chromium or Chrome that is there)`,
  );
}

/** Launches the browser of the tests. Whoever launches it closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...FLAGS] });
}
