import { relative } from "node:path";
import { EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import type { DatasetCheck } from "../../dataset/check/check-dataset.ts";
import { printable } from "../../lib/text.ts";
import { defineCommand, flag, value } from "../command.ts";
import { datasetFolder } from "../dataset/dataset-folder.ts";
import { line } from "../deps.ts";
import { choice, integer } from "../terminal/parse-value.ts";

export const datasetCheck = defineCommand({
  args: [{ name: "<dataset>", summary: "its id in datasets/, or a folder" }],
  options: {
    limit: value("--limit <n>", "how many findings of one kind are printed", integer(1), 5),
    strict: flag("--strict", "warnings fail too"),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    { command: "bench dataset check handbook", says: "prints each finding with file, line and fix; exits 3 on errors" },
    { command: "bench dataset check ./my-beir-folder --strict", says: "any folder in BEIR's layout" },
  ],
  async run([name], { limit, strict, format }, { cwd, stdout }) {
    const dir = await datasetFolder(name!, cwd);
    const { checkDataset } = await import("../../dataset/check/check-dataset.ts");
    const check = await checkDataset(dir, { limit });
    if (format === "json") {
      const { problems, warnings, counts } = check;
      line(stdout, JSON.stringify({ problems, warnings, counts: Object.fromEntries(counts) }, undefined, 2));
    } else {
      for (const finding of [...check.problems, ...check.warnings]) {
        line(stdout, `${finding.severity}: ${formatProblem(finding)}`);
      }
      line(stdout, printable(`${relative(cwd, dir) || "."}: ${verdict(check)}`));
    }
    return check.problems.length > 0 || (strict && check.warnings.length > 0) ? EXIT.data : EXIT.ok;
  },
});

function verdict({ problems, warnings, counts }: DatasetCheck): string {
  if (counts.size === 0) return "nothing wrong found";
  const found = [...counts].map(([code, n]) => `${n} × ${code}`).join(", ");
  const shown = problems.length + warnings.length;
  const all = [...counts.values()].reduce((a, b) => a + b, 0);
  return `${found}${shown < all ? ` (${shown} of ${all} shown; --limit shows more)` : ""}`;
}
