const UNITS = ["kB", "MB", "GB", "TB"] as const;

/** A size in decimal units, as limits are written: `0 bytes`, `731 bytes`, `1.2 kB`, `48.0 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  let size = bytes / 1000;
  let unit = 0;
  // What would round to 1000.0 is one of the next unit.
  while (size >= 999.95 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toFixed(1)} ${UNITS[unit]}`;
}
