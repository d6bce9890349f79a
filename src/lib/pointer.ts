/** The keys of a JSON pointer (RFC 6901): `/a~1b/0` gives `["a/b", "0"]`; the empty pointer gives none. */
export function pointerKeys(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** One key as it stands in a JSON pointer. */
export function pointerKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
