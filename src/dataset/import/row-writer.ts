/** The writer is shared with exports; it lives in `lib`. */
export { RowWriter } from "../../lib/row-writer.ts";
