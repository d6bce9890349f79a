/** The formats of a verdict; apart from their code, so that a list of them costs nothing. */
export const GATE_FORMATS = ["text", "json", "junit", "markdown"] as const;

export type GateFormat = (typeof GATE_FORMATS)[number];
