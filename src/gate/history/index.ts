export type { Change, HistoryEntry, MetricChange } from "./history.ts";
export { type HistoryOptions, HistoryWalk, HORIZON } from "./history-walk.ts";
