/** Rows in disjoint groups, each with the least similarity that holds it together. */
export class Groups {
  readonly #parents: Uint32Array;
  readonly #similarities: Float32Array;

  constructor(rows: number) {
    this.#parents = Uint32Array.from({ length: rows }, (_, row) => row);
    this.#similarities = new Float32Array(rows).fill(1);
  }

  same(a: number, b: number): boolean {
    return this.#root(a) === this.#root(b);
  }

  join(a: number, b: number, similarity: number): void {
    const [low, high] = [this.#root(a), this.#root(b)].sort((x, y) => x - y) as [number, number];
    if (low === high) return;
    this.#parents[high] = low;
    const least = Math.min(similarity, this.#similarities[low]!, this.#similarities[high]!);
    this.#similarities[low] = least;
  }

  /** Groups of two and more, the largest first, then by their first row. */
  list(): { members: number[]; similarity: number }[] {
    const members = new Map<number, number[]>();
    for (const row of this.#parents.keys()) {
      const root = this.#root(row);
      if (root === row) continue;
      const group = members.get(root);
      if (group) group.push(row);
      else members.set(root, [root, row]);
    }
    return [...members]
      .map(([root, rows]) => ({ members: rows, similarity: this.#similarities[root]! }))
      .sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!);
  }

  #root(row: number): number {
    let root = row;
    while (this.#parents[root] !== root) root = this.#parents[root] = this.#parents[this.#parents[root]!]!;
    return root;
  }
}
