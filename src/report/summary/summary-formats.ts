/** The formats of a result table; apart from their code, so that a list of them costs nothing. */
export const SUMMARY_FORMATS = ["text", "json", "csv", "markdown"] as const;

export type SummaryFormat = (typeof SUMMARY_FORMATS)[number];
