import { findProject } from "../../config/project.ts";
import { EXIT } from "../../core/errors.ts";
import { defineCommand, value } from "../command.ts";
import { line, terminalOf } from "../deps.ts";
import { choice, integer } from "../terminal/parse-value.ts";

export const diagnose = defineCommand({
  details: [
    "Of the questions with gold: where the first gold passage stands, what a re-ranker could bring in, near-duplicates of the",
    "gold that stand above it, first hits that nobody has judged, ranks that hang on equal scores, and success by how many of",
    "a question's words stand in its gold passage. Where the run has answers: how many were lost by the retriever and how",
    "many by the generator, and what closed-book and oracle tell of them. From the run folder alone; the page of the run has",
    "it too, with links.",
  ].join("\n"),
  args: [{ name: "<run>", summary: "a run's folder or id, or suite/system for its newest finished run" }],
  options: {
    format: value("--format <format>", "text, json", choice("text", "json"), "text"),
    named: value("--named <n>", "how many questions of each kind are named", integer(0, 1_000_000), 5),
  },
  examples: [
    { command: "bench diagnose handbook/bm25-reader", says: "the newest finished run of a system on a suite" },
    { command: "bench diagnose handbook/bm25-reader --format json", says: "everything, with every question's place" },
  ],
  async run([name], { format, named }, { cwd, stdout, stderr }) {
    const { findCompleteRun } = await import("../project/find-run.ts");
    const { diagnose: diagnoseRun } = await import("../../report/diagnosis/diagnose.ts");
    const { diagnosisText } = await import("../../report/diagnosis/diagnosis-text.ts");
    const { attributeFailures } = await import("../../report/conditions/attribute-failures.ts");
    const { attributionText } = await import("../../report/conditions/attribution-text.ts");
    const { sameAnswers } = await import("../../report/conditions/same-answers.ts");
    const { sameAnswersText } = await import("../../report/conditions/same-answers-text.ts");
    const { readScores } = await import("../../runlog/read-scores.ts");
    const run = await findCompleteRun(await findProject(cwd), name!);
    const scores = await readScores(run.dir);
    const diagnosis = await diagnoseRun(run.dir, scores);
    const answers = await attributeFailures(run.dir, scores);
    const same = await sameAnswers(run.dir);
    if (diagnosis === undefined) line(stderr, "its system retrieves nothing: there is no ranking to diagnose");
    if (format === "json") {
      if (diagnosis !== undefined || same.length > 0) {
        line(stdout, JSON.stringify({ ...diagnosis, answers, same, queries: scores.queries }));
      }
      return EXIT.ok;
    }
    const options = { ...terminalOf(stdout), ids: scores.queries, named };
    const blocks = [
      ...(diagnosis === undefined ? [] : [diagnosisText(diagnosis, options)]),
      ...(answers.length === 0 ? [] : [attributionText(answers, options)]),
      ...(same.length === 0 ? [] : [sameAnswersText(same, options.columns)]),
    ];
    stdout.write(blocks.join("\n"));
    return EXIT.ok;
  },
});
