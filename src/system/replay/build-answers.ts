import type { ReplayAnswersConfig } from "../../config/system-schema.ts";
import type { Generator } from "../../core/contracts.ts";
import { type BuildContext, writtenValue } from "../build-context.ts";
import { besideSystem } from "../named-file.ts";
import type { ShownFile } from "./lines-of.ts";
import { markerOf, openAnswers } from "./open-answers.ts";
import { replayGenerator } from "./replay-generator.ts";

/** Answers from a saved file; what was met in it is told after the run. */
export async function buildAnswers(config: ReplayAnswersConfig, { system, notes }: BuildContext): Promise<Generator> {
  const shown = (key: "file" | "questions", file: string): ShownFile => ({
    path: besideSystem(system, file),
    name: writtenValue(system, `/generator/${key}`) ?? file,
  });
  const file = shown("file", config.file);
  const questions = config.questions === undefined ? undefined : shown("questions", config.questions);
  const answers = await openAnswers(config, file, questions);
  notes.push(() => answers.notes);
  const marker = markerOf(config);
  return replayGenerator(answers, file.name, { marker, alwaysAnswers: config.always_answers });
}
