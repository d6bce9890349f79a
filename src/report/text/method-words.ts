const METHODS: Readonly<Record<string, string>> = {
  wilson: "Wilson",
  t: "Student’s t",
  "bootstrap-bca": "BCa bootstrap",
  "bootstrap-percentile": "percentile bootstrap",
  "all-equal": "all values equal",
};

/** How an interval was made, in the words of statistics: `Student’s t, clustered`. What has no words stands as it is. */
export function methodWords(method: string): string {
  const [, name = method, clustered] = /^(.*?)(-clustered)?$/s.exec(method) ?? [];
  const words = Object.hasOwn(METHODS, name) ? METHODS[name]! : name;
  return clustered === undefined ? words : `${words}, clustered`;
}
