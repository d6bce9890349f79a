import { stat } from "node:fs/promises";
import { type GradedLine, readGrades } from "../../runlog/index.ts";

/** Streams the grades of a file; none where there is no file yet. @throws DataError when it is damaged */
export async function* gradesSoFar(path: string): AsyncGenerator<GradedLine> {
  if (await stat(path).catch(() => undefined)) yield* readGrades(path);
}
