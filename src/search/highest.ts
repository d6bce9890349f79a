/** The k highest of the scores offered, with whose they are. A heap with the least at its root. */
export class Highest {
  /** The k-th highest score, 0 while fewer than k were offered. */
  floor = 0;
  /** How many of the k places are taken. */
  size = 0;
  readonly owners: Uint32Array;
  readonly #scores: Float64Array;

  /** @param k 1 or more */
  constructor(k: number) {
    this.owners = new Uint32Array(k);
    this.#scores = new Float64Array(k);
  }

  /** @param score above 0 */
  offer(score: number, owner: number): void {
    if (score <= this.floor) return;
    const scores = this.#scores;
    const owners = this.owners;
    let at = 0;
    if (this.size < scores.length) {
      at = this.size++;
      for (let up = (at - 1) >> 1; at > 0 && scores[up]! > score; up = (at - 1) >> 1) {
        scores[at] = scores[up]!;
        owners[at] = owners[up]!;
        at = up;
      }
    } else {
      for (let down = 1; down < scores.length; down = 2 * at + 1) {
        if (down + 1 < scores.length && scores[down + 1]! < scores[down]!) down += 1;
        if (scores[down]! >= score) break;
        scores[at] = scores[down]!;
        owners[at] = owners[down]!;
        at = down;
      }
    }
    scores[at] = score;
    owners[at] = owner;
    if (this.size === scores.length) this.floor = scores[0]!;
  }
}
