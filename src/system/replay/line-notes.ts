const SHOWN = 5;

/** What was met in the rows of a file, with the lines: all are counted, the first five are named. */
export class LineNotes {
  readonly #name: string;
  readonly #lines = new Map<string, { count: number; readonly first: number[] }>();

  /** @param name the file as messages show it */
  constructor(name: string) {
    this.#name = name;
  }

  add(what: string, line: number): void {
    let seen = this.#lines.get(what);
    if (!seen) {
      seen = { count: 0, first: [] };
      this.#lines.set(what, seen);
    }
    seen.count += 1;
    if (seen.first.length < SHOWN) seen.first.push(line);
  }

  /** One sentence for each thing, in the order they were first met: `saved.tsv: 2 rows: no answer (lines 3, 7)`. */
  all(): string[] {
    return [...this.#lines].map(([what, { count, first }]) => {
      const more = count > first.length ? ", …" : "";
      const lines = `${count === 1 ? "line" : "lines"} ${first.join(", ")}${more}`;
      return `${this.#name}: ${count} ${count === 1 ? "row" : "rows"}: ${what} (${lines})`;
    });
  }
}
