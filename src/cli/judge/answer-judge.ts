import { gradesPassages, type Judge } from "../../config/index.ts";
import { DataError } from "../../core/errors.ts";

/** For commands about answers. @throws DataError for a judge of passages */
export function requireAnswerJudge(judge: Judge): void {
  if (!gradesPassages(judge)) return;
  const fix = `grade the passages that runs found: bench judge passages --judge ${judge.id} RUN...`;
  const expected = "a judge of answers";
  throw new DataError([{ code: "E_JUDGE", where: judge.file, expected, got: "a judge of passages", fix }]);
}
