/** The formats of a comparison; apart from their code, so that a list of them costs nothing. */
export const COMPARISON_FORMATS = ["text", "markdown", "json", "csv"] as const;

export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];
