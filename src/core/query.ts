/** One message of a conversation. */
export interface Turn {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** One question of a dataset. */
export interface Query {
  readonly id: string;
  readonly text: string;
  /** Accepted reference answers; absent when the dataset has none for this question. */
  readonly answers?: readonly string[];
  /** Whether the documents hold the answer; absent means that the dataset does not say (treated as answerable). */
  readonly answerable?: boolean;
  /** What was said before the question, oldest first. */
  readonly history?: readonly Turn[];
  readonly tags?: readonly string[];
  /** The document the question was written from; the usual cluster of clustered intervals. */
  readonly document?: string;
  readonly split?: string;
}
