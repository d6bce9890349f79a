import { join } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import { type Calibrations, newestGradings, type Run } from "../../runlog/index.ts";
import { gradesFolder, gradesPage } from "../address/grades-address.ts";
import type { Render } from "../pages/templates.ts";
import type { WrittenGrades } from "./grade-data.ts";
import { gradesView } from "./grades-view.ts";

/** The pages of judges' grades that a run has, from the root of the site. */
export async function gradesPagesOf({ dir, manifest, end }: Run): Promise<string[]> {
  if (end === undefined) return [];
  const gradings = await newestGradings(dir, end.sha256);
  return gradings.map(({ head }) => `${gradesFolder(manifest.run)}/${gradesPage(head.judge.id)}`);
}

/** Writes them; their data is there already. @param folder of this run's pages of grades */
export async function writeGradesPages(
  { manifest }: Run,
  grades: readonly WrittenGrades[],
  folder: string,
  render: Render,
  { generatedAt, calibrations }: { readonly generatedAt: string; readonly calibrations?: Calibrations | undefined },
): Promise<void> {
  for (const written of grades) {
    const view = { ...gradesView(written, manifest, calibrations), root: "../../../", generatedAt };
    await replaceFile(join(folder, gradesPage(written.head.judge.id)), render("grades", view));
  }
}
