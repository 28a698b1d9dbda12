/**
 * The layouts that can be imported: the choices of `trace import --as`, and what an input is
 * recognised as.
 */
export const LAYOUTS = [
  "access-log",
  "w3c-log",
  "aws-load-balancer",
  "aws-s3",
  "json-log",
  "csv",
  "prometheus",
  "azure-functions",
  "wikipedia",
  "parquet",
] as const;

export type Layout = (typeof LAYOUTS)[number];
