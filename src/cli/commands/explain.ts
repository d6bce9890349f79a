import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { defineCommand } from "../command.ts";
import { line } from "../deps.ts";
import { choice } from "../terminal/parse-value.ts";

export const explain = defineCommand({
  args: [
    { name: "<kind>", summary: "suite, system or metric" },
    { name: "<name>", summary: "its id or name" },
  ],
  options: {},
  examples: [
    { command: "bench explain suite handbook", says: "every value of the suite with its line in the file, or default" },
    { command: "bench explain system bm25-reader", says: "the same of a system; keys are never shown" },
    { command: "bench explain metric nDCG@10", says: "the definition of a metric" },
  ],
  async run([kindText, name], _, { cwd, env, stdout }) {
    const kind = choice("suite", "system", "metric")(kindText!, "<kind>");
    if (kind === "metric") {
      const { parseMetric } = await import("../../metric/parse.ts");
      const { metricSection } = await import("../../metric/reference.ts");
      const parsed = parseMetric(name!);
      if (!parsed.ok) throw new UsageError({ code: "E_METRIC", where: "<name>", ...parsed.problem });
      line(stdout, metricSection(parsed.metric.definition));
      return EXIT.ok;
    }
    const { explainConfig } = await import("../../config/explain.ts");
    const project = await findProject(cwd);
    if (kind === "suite") {
      const { loadSuite } = await import("../../config/load-suite.ts");
      const suite = await loadSuite(project, name!);
      line(stdout, `suite ${suite.id}  ${suite.file}  sha256:${suite.sha256.slice(0, 12)}\n`);
      line(stdout, explainConfig(suite.config, suite.origins));
    } else {
      const { loadSystem } = await import("../../config/load-system.ts");
      const system = await loadSystem(project, name!, env);
      line(stdout, `system ${system.id}  ${system.file}  sha256:${system.sha256.slice(0, 12)}\n`);
      line(stdout, explainConfig(system.publicConfig, system.origins));
    }
    return EXIT.ok;
  },
});
