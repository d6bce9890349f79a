import type { Judge } from "../../config/load-judge.ts";
import type { GradingHead, Manifest } from "../../runlog/index.ts";

/** A part that a judge's own model plays besides judging. */
export type SelfPreference = NonNullable<GradingHead["judge"]["selfPreference"]>[number];

/**
 * Where the model that judges also gave the answers, or wrote the references they are held against: models tend to prefer what
 * they would have said. A panel is as its members are.
 * @param systems of the answers @param referencesBy the models that wrote the references, as the dataset names them
 */
export function selfPreference(
  judge: Judge,
  systems: readonly Pick<Manifest["system"], "id" | "config">[],
  referencesBy: readonly string[],
): SelfPreference[] {
  const found: SelfPreference[] = [];
  for (const model of modelsOf(judge)) {
    for (const { id, config } of systems) {
      const answering = (config as { generator?: { model?: unknown } } | null)?.generator?.model;
      if (typeof answering === "string" && isSameModel(answering, model))
        found.push({ role: "contestant", model, of: id });
    }
    if (referencesBy.some((author) => isSameModel(author, model))) found.push({ role: "references", model });
  }
  return found;
}

function modelsOf(judge: Judge): string[] {
  if (judge.kind === "lexical" || judge.kind === "people") return [];
  if (judge.kind === "panel") return [...new Set(judge.members.flatMap(modelsOf))];
  return judge.config.model ? [judge.config.model.model] : [];
}

/**
 * Whether two names are of one model, however it is served: letter case, the owner before a slash, folders and the ending of a
 * weight file do not count. @example isSameModel("meta-llama/Llama-3.1-8B", "models/llama-3.1-8b.gguf") // true
 */
export function isSameModel(a: string, b: string): boolean {
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replace(/\.gguf$/, "")
      .replace(/^.*[/\\]/, "");
  return plain(a) === plain(b);
}
