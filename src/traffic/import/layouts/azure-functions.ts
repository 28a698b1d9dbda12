import { COMMON_OPTIONS, type Layout } from "./layout.js";

/** Its files count by the minute. */
const BIN_MS = 60_000;

export const azureFunctions: Layout = {
  name: "azure-functions",
  fields: [],
  options: [...COMMON_OPTIONS, "first-day"],
  isCutAfterwards: true,
  isStart: (_start, firstLine) => firstLine.startsWith("HashOwner,HashApp,"),
  async read(request) {
    const { importAzureFunctions } = await import("../import-azure-functions.js");
    return importAzureFunctions(request.inputs, request.firstDayMs, { ...request, binMs: BIN_MS });
  },
};
