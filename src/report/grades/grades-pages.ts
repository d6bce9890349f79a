import { join } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import { type Calibrations, newestGradings, type Run } from "../../runlog/index.ts";
import type { Render } from "../templates.ts";
import { writeGradeData } from "./grade-data.ts";
import { gradesFolder, gradesPage } from "./grades-address.ts";
import { gradesView } from "./grades-view.ts";

/** The pages of judges' grades that a run has, from the root of the site. */
export async function gradesPagesOf({ dir, manifest, end }: Run): Promise<string[]> {
  if (end === undefined) return [];
  const gradings = await newestGradings(dir, end.sha256);
  return gradings.map(({ head }) => `${gradesFolder(manifest.run)}/${gradesPage(head.judge.id)}`);
}

/** Writes them, with their data. @param folder of this run's pages of grades @throws DataError when a file is damaged */
export async function writeGradesPages(
  { dir, manifest, end }: Run,
  folder: string,
  render: Render,
  { generatedAt, calibrations }: { readonly generatedAt: string; readonly calibrations?: Calibrations | undefined },
): Promise<void> {
  for (const written of await writeGradeData(dir, end?.sha256 ?? "", join(folder, "data"))) {
    const view = { ...gradesView(written, manifest, calibrations), root: "../../../", generatedAt };
    await replaceFile(join(folder, gradesPage(written.head.judge.id)), render("grades", view));
  }
}
