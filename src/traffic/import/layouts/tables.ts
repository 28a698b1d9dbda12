import { COMMON_OPTIONS, type Layout, TIME_OPTIONS } from "./layout.js";
import { onlyInput } from "./only-input.js";

/** A table as text; the last layout that is tried, since any text with commas looks like one. */
export const csv: Layout = {
  name: "csv",
  fields: [],
  options: [...COMMON_OPTIONS, ...TIME_OPTIONS, "value", "values", "decimal"],
  isCutAfterwards: false,
  isStart: (_start, firstLine) => /[,;\t]|^"?sep=/.test(firstLine),
  async read(request) {
    const file = onlyInput(request.inputs, "csv");
    const { importCsv } = await import("../import-csv.js");
    return importCsv(file, request);
  },
};

export const parquet: Layout = {
  name: "parquet",
  fields: [],
  options: [...COMMON_OPTIONS, ...TIME_OPTIONS, "value", "values"],
  remedies: { decimal: "Parquet holds numbers as numbers" },
  isCutAfterwards: false,
  magic: "PAR1",
  async read(request) {
    const file = onlyInput(request.inputs, "parquet");
    const { importParquet } = await import("../import-parquet.js");
    return importParquet(file, request);
  },
};
