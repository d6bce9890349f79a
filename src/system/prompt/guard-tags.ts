/**
 * Makes values harmless in a prompt: whatever tags the template writes, `<passage>` say, no value can open or close one of
 * them. The `<` of such a tag becomes `&lt;`; all other text stays as it is.
 * @param more names of tags that the template has written by helpers
 * @returns a function to be called on every value
 */
export function guardTags(template: string, more: Iterable<string> = []): (value: string) => string {
  const written = Array.from(template.matchAll(/<\/?([A-Za-z][\w.:-]*)/g), (match) => match[1]!);
  const names = new Set([...written, ...more]);
  if (names.size === 0) return (value) => value;
  const escaped = [...names].map((name) => name.replace(/[.]/g, "\\$&"));
  const tag = new RegExp(`<(?=[\\s/]*(?:${escaped.join("|")})(?![\\w.:-]))`, "gi");
  return (value) => value.replace(tag, "&lt;");
}
