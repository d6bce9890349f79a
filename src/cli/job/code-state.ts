import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Manifest } from "../../runlog/index.ts";
import { VERSION } from "../version.ts";

/** Plumbline's version and the git commit of the project whose suites are run; without git, the version alone. */
export async function codeState(root: string): Promise<Manifest["code"]> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", ["-C", root, ...args], { timeout: 10_000 })).stdout.trim();
  try {
    const commit = await git("rev-parse", "HEAD");
    const dirty = (await git("status", "--porcelain", "--untracked-files=no")) !== "";
    return { version: VERSION, commit, dirty };
  } catch {
    return { version: VERSION };
  }
}
