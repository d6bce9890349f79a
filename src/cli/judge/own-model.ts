import { join } from "node:path";
import type { Judge, Project } from "../../config/index.ts";
import { readManifest } from "../../dataset/manifest.ts";
import { type SelfPreference, selfPreference } from "../../judge/index.ts";
import type { Run } from "../../runlog/index.ts";

/** The models that wrote the references of a run's dataset; none where the dataset is not here or does not say. */
export async function referencesBy(project: Project, { manifest }: Run): Promise<readonly string[]> {
  const found = await readManifest(join(project.datasets, manifest.dataset.id)).catch(() => undefined);
  return found?.references_by ?? [];
}

/** What to say of a judge whose model plays another part too, a line for each part. */
export function ownModelWarnings(judge: Judge, runs: readonly Run[], authors: readonly string[]): string[] {
  const systems = runs.map(({ manifest }) => manifest.system);
  return selfPreference(judge, systems, authors).map((found) => `warning: ${describe(judge, found)}`);
}

function describe({ id }: Judge, { role, model, of }: SelfPreference): string {
  const part = role === "contestant" ? `also gave the answers of ${of}` : "also wrote the references";
  return `${id} judges with ${model}, which ${part}: models tend to prefer their own; have another one judge too`;
}
