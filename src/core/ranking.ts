/** One retrieved passage (or document) with the retriever's score. */
export type Hit = readonly [id: string, score: number];

/**
 * What a retriever returned for one query. Order and ties are settled by the metric layer as trec_eval does: 32-bit
 * scores descending, then id descending by bytes; a repeated id counts once.
 */
export type Ranking = readonly Hit[];

/** The judged ids of one query with their grades; grade >= 1 is relevant, 0 and below are judged not relevant. */
export type Judgements = ReadonlyMap<string, number>;
