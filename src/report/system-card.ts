/** What a system's file says about the system besides how it is built; each key is there only where the file has it. */
export interface SystemCard {
  readonly licence?: string;
  readonly size?: string;
  readonly trainingData?: string;
  /** What sort of system it is, in the author's words. */
  readonly type?: string;
  readonly tags?: readonly string[];
  /** A point of comparison; the best besides it is marked too. */
  readonly reference?: true;
}

/** The card of a system from the configuration that its run kept, whatever program wrote it. @returns undefined where it says nothing */
export function systemCard(config: unknown): SystemCard | undefined {
  if (config === null || typeof config !== "object") return undefined;
  const { licence, size, training_data, type, tags, reference } = config as Readonly<Record<string, unknown>>;
  const words = Array.isArray(tags) ? tags.filter(isText) : [];
  const card: SystemCard = {
    ...(isText(licence) && { licence }),
    ...(isText(size) && { size }),
    ...(isText(training_data) && { trainingData: training_data }),
    ...(isText(type) && { type }),
    ...(words.length > 0 && { tags: words }),
    ...(reference === true && { reference }),
  };
  return Object.keys(card).length === 0 ? undefined : card;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
