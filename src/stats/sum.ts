/**
 * Sum with the rounding errors carried along, so that a mean does not depend on the order of its samples beyond the
 * last bit and `[1e100, 1, -1e100]` is 1. Source: Neumaier, ZAMM 54, 1974. O(n).
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let carry = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const next = total + x;
    carry += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + carry;
}
