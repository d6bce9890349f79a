import type { Dataset, Fingerprint } from "../../dataset/index.ts";
import type { PlanInput } from "../../run/index.ts";

/** What a run's log says of its dataset: what numbers depend on, and the card that people read. */
export function datasetFacts(
  { id, manifest }: Dataset,
  { sha256, passages, queries }: Fingerprint,
): PlanInput["dataset"] {
  const { title, version, license, language, description, splits, references_by, provenance } = manifest;
  return {
    id,
    sha256,
    passages,
    card: {
      ...(title !== undefined && { title }),
      ...(version !== undefined && { version: String(version) }),
      ...(license !== undefined && { license }),
      ...(language !== undefined && { language }),
      ...(description !== undefined && { description }),
      splits,
      queries,
      ...(references_by && { referencesBy: references_by }),
      ...(provenance !== undefined && { provenance }),
    },
  };
}
