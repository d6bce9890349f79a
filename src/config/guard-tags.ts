/**
 * Makes values harmless in a prompt: whatever tags the template writes, `<passage>` say, no value can open or close one of
 * them, also not together with the value that follows. The `<` of such a tag becomes `&lt;`; all other text stays as it is.
 * @param more names of tags that the template has written by helpers
 * @returns a function to be called on every value
 */
export function guardTags(template: string, more: Iterable<string> = []): (value: string) => string {
  const written = Array.from(template.matchAll(/<\/?([A-Za-z][\w.:-]*)/g), (match) => match[1]!);
  const names = new Set([...written, ...more]);
  if (names.size === 0) return (value) => value;
  const pattern = (name: string): string => name.replace(/[.]/g, "\\$&");
  const whole = [...names].map(pattern);
  // What stands at the end may be the first half of a tag whose second half the next value brings.
  const halves = [...names].flatMap((name) => Array.from(name, (_, length) => pattern(name.slice(0, length))));
  const tag = new RegExp(`<(?=[\\s/]*(?:(?:${whole.join("|")})(?![\\w.:-])|(?:${halves.join("|")})$))`, "gi");
  return (value) => value.replace(tag, "&lt;");
}
