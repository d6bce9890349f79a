/** Shorter texts would take ordinary words apart. */
const SHORTEST = 4;

/** In an answer: placeholder keys such as EMPTY or token-abc are words that an answer may hold; none of this length is. */
export const SHORTEST_IN_ANSWER = 12;

/**
 * A function that takes secrets out of a text, in the forms a server may echo them in: as they are, URL-encoded, JSON-escaped.
 * @param secrets those that are undefined or shorter than `shortest` characters are passed over
 */
export function redactor(
  secrets: readonly (string | undefined)[],
  shortest: number = SHORTEST,
): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret === undefined || secret.length < shortest) continue;
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) forms.add(form);
  }
  // Longest first: a secret may hold another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, form) => rest.replaceAll(form, "[redacted]"), text);
}
