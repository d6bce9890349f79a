/** A piece of a document: what a retriever ranks and a generator reads. */
export interface Passage {
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  /** The document it belongs to; the passage's own id when the dataset knows no documents. */
  readonly document: string;
  /** Where it stands in its document: [start, end), counted in Unicode code points. */
  readonly start?: number;
  readonly end?: number;
}
