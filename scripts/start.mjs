// npm start: the whole way in one command. Sets up, runs the handbook suite with the two systems that need no model and
// no network, prints the result table, builds the leaderboard. What was done before is not done again.
// Arguments are handed to `bench run`: npm start -- --quiet
import { spawn } from "node:child_process";
import { join } from "node:path";
import { argv, execPath, exit } from "node:process";
import { ROOT, setUpOrExit } from "./setup.mjs";

const RUN = [
  "run",
  "--suite",
  "handbook",
  "--system",
  "bm25-reader",
  "--system",
  "bm25-plain-reader",
  "--topk",
  "3,5,7",
];
const UNAVAILABLE = 4;

setUpOrExit();
// Ctrl-C reaches the child as well; it stops cleanly and says how to go on, so this process waits for it.
process.on("SIGINT", () => {});

const ran = await bench([...RUN, ...argv.slice(2)]);
// Failures above the limit (4) still leave finished runs worth looking at.
if (ran !== 0 && ran !== UNAVAILABLE) exit(ran);
const reported = await bench(["report"]);
exit(ran === 0 ? reported : ran);

/** Runs one `bench` command on this terminal. @returns its exit code */
function bench(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(execPath, [join(ROOT, "dist/cli/main.js"), ...args], { cwd: ROOT, stdio: "inherit" });
    process.once("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
