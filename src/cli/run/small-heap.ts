import { setFlagsFromString } from "node:v8";

/**
 * Lets the heap grow by so much before it is collected, in place of several times: almost all that is made is garbage at once. For a
 * run by a quarter, since the memory is better left to the model that is asked; measured at 200,000 questions: 165 MB in place of 224,
 * for no more CPU time. For a site by as much as is alive: 295 MB in place of 440 for 20 runs of 10,000 questions, for no more CPU time,
 * where a quarter takes a tenth more of it.
 * @param percent of what is alive
 */
export function keepHeapSmall(percent = 25): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
