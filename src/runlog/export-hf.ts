import { join } from "node:path";
import { escapeLine } from "../lib/line-text.ts";
import { RowWriter } from "../lib/row-writer.ts";
import { RunPassages, titleOf } from "./export-passages.ts";
import { answerOf, type ChosenAnswers, resultsByQuestion, retrievalOf } from "./export-results.ts";
import type { Manifest } from "./schema.ts";

/**
 * Writes Hugging Face's prediction files, line n of each for question n of the dataset: `retrieval_preds.tsv` (titles of
 * the first k passages, tabs between; a run without retriever has none) and `e2e_preds.txt` (one answer a line; a run
 * without answers has none). A failed question has an empty line. Line breaks and tabs are escaped (see `escapeLine`).
 * @returns what to tell the user
 */
export async function exportHfPredictions(
  dir: string,
  manifest: Manifest,
  into: string,
  { answers, k }: { readonly answers: ChosenAnswers | undefined; readonly k: number },
): Promise<string[]> {
  const counts = { escaped: 0, failed: 0, untitled: 0 };
  const line = (text: string): string => {
    const written = escapeLine(text);
    if (written !== text) counts.escaped += 1;
    return written;
  };
  const passages = await RunPassages.open(dir);
  const titles = new RowWriter(join(into, "retrieval_preds.tsv"));
  const texts = new RowWriter(join(into, "e2e_preds.txt"));
  const retrieves = manifest.depth > 0;
  try {
    for await (const { results } of resultsByQuestion(dir)) {
      const retrieval = retrievalOf(results);
      const row: string[] = [];
      for (const [id] of retrieval?.kind === "retrieval" ? retrieval.ranking.slice(0, k) : []) {
        const passage = await passages.get(id);
        if (passage === undefined) counts.untitled += 1;
        row.push(line(titleOf(id, passage)));
      }
      if (retrieves) await titles.write(row.join("\t"));
      const answer = answers && answerOf(results, answers);
      if (answer?.kind === "failure" || (!answers && retrieval?.kind === "failure")) counts.failed += 1;
      if (answers) await texts.write(answer?.kind === "answer" ? line(answer.text) : "");
    }
  } finally {
    await titles.close(retrieves);
    await texts.close(answers !== undefined);
    await passages.close();
  }
  return [
    ...(counts.failed > 0 ? [`${counts.failed} failed questions have an empty line`] : []),
    ...(counts.escaped > 0 ? [`${counts.escaped} texts hold line breaks or tabs: written as \\n, \\r, \\t`] : []),
    ...(counts.untitled > 0 ? [`${counts.untitled} passages stand by their ids: the run does not keep them`] : []),
  ];
}
