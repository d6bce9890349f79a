// npm test: sets up, makes sure there is a browser, runs every test. The last line is `N passed, N failed`.
// Arguments are handed to vitest: npm test -- src/metric
import { spawn } from "node:child_process";
import { join } from "node:path";
import { argv, execPath, exit } from "node:process";
import { CHROMIUM_VARIABLE, ensureChromium } from "./chromium.mjs";
import { totalsLine } from "./reporter.mjs";
import { ROOT, setUpOrExit } from "./setup.mjs";

setUpOrExit();
let chromium;
try {
  chromium = ensureChromium((line) => console.error(line));
} catch (error) {
  console.error(error.message);
  console.log(totalsLine({ passed: 0, failed: 1, skipped: [] }));
  exit(1);
}

const { code, totals } = await vitest(argv.slice(2));
if (totals.skipped.length > 0) console.log(["Skipped:", ...totals.skipped.map((name) => `  ${name}`), ""].join("\n"));
console.log(totalsLine(totals));
exit(totals.failed > 0 ? 1 : code);

/** Runs vitest. Where it ends without totals (a crash), or with an error beside them, that is one failure. */
function vitest(args) {
  return new Promise((resolve) => {
    const reporters = ["--reporter=default", `--reporter=${join(ROOT, "scripts/reporter.mjs")}`];
    const child = spawn(execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...reporters, ...args], {
      cwd: ROOT,
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      env: { ...process.env, [CHROMIUM_VARIABLE]: chromium },
    });
    let totals = { passed: 0, failed: 0, skipped: [] };
    child.on("message", (message) => {
      if (message?.plumblineTotals) totals = message.plumblineTotals;
    });
    process.on("SIGINT", () => {});
    child.on("close", (code) => {
      const exitCode = code ?? 1;
      if (exitCode !== 0 && totals.failed === 0) totals = { ...totals, failed: 1 };
      resolve({ code: exitCode, totals });
    });
  });
}
