import { basename } from "node:path";
import { COMMON_OPTIONS, type Layout } from "./layout.js";

/** Its files count by the hour. */
const BIN_MS = 3_600_000;

export const wikipedia: Layout = {
  name: "wikipedia",
  fields: [],
  options: [...COMMON_OPTIONS, "project"],
  isCutAfterwards: true,
  isAddress: (input) => /^page(views|counts)-\d{8}-\d{6}/.test(basename(input)),
  async read(request) {
    const { importWikipedia } = await import("../import-wikipedia.js");
    return importWikipedia(request.inputs, { ...request, binMs: BIN_MS });
  },
};
