import { BadArgument } from "../../core/errors.ts";

/** One grade per item, in the order of the items; undefined where this rater gave none. */
export type GradeColumn = ArrayLike<number | undefined>;

/**
 * Grades of items by raters as their distinct rows with how often each occurs. All coefficients are functions of these
 * few rows and their counts, so that a resample is nothing but other counts.
 */
export interface Tally {
  /** The values a grade may take, ascending, whether or not they occur. */
  readonly scale: Float64Array;
  readonly raters: number;
  /** Distinct rows × raters, row by row: the position of the grade in `scale`, -1 for a missing one. */
  readonly rows: Int32Array;
  /** How many items have each row. */
  readonly counts: Float64Array;
  /** The row of each item. */
  readonly rowOf: Int32Array;
}

/**
 * @param columns one per rater, of equal length @param scale the values that may be given; default: those that occur
 * @throws BadArgument when there is no rater, lengths differ, a grade is not finite or not on the scale, or the scale is
 * not ascending
 * @example tallyGrades([[0, 1, 1], [0, 1, undefined]]).counts // [1, 1, 1]
 */
export function tallyGrades(columns: readonly GradeColumn[], scale?: ArrayLike<number>): Tally {
  const items = columns[0]?.length;
  if (items === undefined) throw new BadArgument("a tally needs at least one rater");
  for (const column of columns) {
    if (column.length !== items) throw new BadArgument(`raters graded ${items} and ${column.length} items`);
  }
  const values = scale === undefined ? distinctValues(columns) : checkedScale(scale);
  const base = values.length + 1;
  const rowOf = new Int32Array(items);
  // Rows are told apart rater by rater: the row so far and the next code give the next row.
  let rows: Int32Array[] = [new Int32Array(0)];
  for (const column of columns) {
    const keys = encode(column, values);
    for (let i = 0; i < items; i++) keys[i]! += rowOf[i]! * base + 1;
    const firsts = numberInPlace(keys, rows.length * base, rowOf);
    rows = firsts.map((key) => Int32Array.of(...rows[Math.floor(key / base)]!, (key % base) - 1));
  }
  const counts = new Float64Array(rows.length);
  for (let i = 0; i < items; i++) counts[rowOf[i]!]!++;
  const flat = new Int32Array(rows.length * columns.length);
  rows.forEach((row, r) => {
    flat.set(row, r * columns.length);
  });
  return { scale: values, raters: columns.length, rows: flat, counts, rowOf };
}

/** The same items with some of the raters, in the order asked for. Rows may then occur twice: no coefficient minds. */
export function selectRaters(tally: Tally, raters: readonly number[]): Tally {
  const rows = new Int32Array(tally.counts.length * raters.length);
  for (let r = 0; r < tally.counts.length; r++) {
    raters.forEach((rater, i) => {
      rows[r * raters.length + i] = tally.rows[r * tally.raters + rater]!;
    });
  }
  return { ...tally, raters: raters.length, rows };
}

/** @throws BadArgument unless there are two raters */
export function requirePair({ raters }: Tally): void {
  if (raters !== 2) throw new BadArgument(`this coefficient is of two raters, got ${raters}`);
}

/**
 * Numbers keys in the order they come, with a table where there may be few, else with a map.
 * @param numbers overwritten with the number of each key @returns the key of each number
 */
function numberInPlace(keys: Float64Array, bound: number, numbers: Int32Array): number[] {
  const found: number[] = [];
  if (bound <= 4 * keys.length + 1024) {
    const table = new Int32Array(bound).fill(-1);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (table[key] === -1) table[key] = found.push(key) - 1;
      numbers[i] = table[key]!;
    }
    return found;
  }
  const map = new Map<number, number>();
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const number = map.get(key) ?? found.push(key) - 1;
    map.set(key, number);
    numbers[i] = number;
  }
  return found;
}

function distinctValues(columns: readonly GradeColumn[]): Float64Array {
  const seen = new Set<number>();
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const grade = column[i];
      if (grade !== undefined) seen.add(grade);
    }
  }
  const values = Float64Array.from(seen).sort();
  for (const value of values) {
    if (!Number.isFinite(value)) throw new BadArgument(`a grade must be a finite number, got ${value}`);
  }
  return values;
}

function checkedScale(scale: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(scale);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!) || (i > 0 && values[i]! <= values[i - 1]!)) {
      throw new BadArgument(`a scale must be ascending finite numbers, got ${values.join(", ")}`);
    }
  }
  return values;
}

/**
 * Where each grade stands on the scale, -1 for a missing one: computed where the scale is consecutive whole numbers, else
 * looked up. As floats, because the keys made of them may exceed 32 bits.
 */
function encode(column: GradeColumn, scale: Float64Array): Float64Array {
  const codes = new Float64Array(column.length);
  const fail = (grade: number): never => {
    throw new BadArgument(`the grade ${grade} is not on the scale ${scale.join(", ")}`);
  };
  const first = scale[0] ?? 0;
  if (Number.isInteger(first) && scale.every((value, i) => value === first + i)) {
    for (let i = 0; i < codes.length; i++) {
      const grade = column[i];
      const code = grade === undefined ? -1 : grade - first;
      if (grade !== undefined && !(code >= 0 && code < scale.length && Number.isInteger(code))) fail(grade);
      codes[i] = code;
    }
    return codes;
  }
  const positions = new Map(Array.from(scale, (value, i) => [value, i]));
  for (let i = 0; i < codes.length; i++) {
    const grade = column[i];
    codes[i] = grade === undefined ? -1 : (positions.get(grade) ?? fail(grade));
  }
  return codes;
}
