import { InputError } from "../../../base/errors.js";
import type { Imported } from "../import-log.js";
import { COMMON_OPTIONS, type ImportRequest, type Layout, TIME_OPTIONS } from "./layout.js";

/** One JSON object per line: a request each, or counts. */
export const jsonLog: Layout = {
  name: "json-log",
  fields: [],
  options: [...COMMON_OPTIONS, ...TIME_OPTIONS, "value", "values", "lenient"],
  isCutAfterwards: false,
  isStart: (_start, firstLine) => firstLine.startsWith("{"),
  read,
};

async function read(request: ImportRequest): Promise<Imported> {
  const [{ importLogs }, { countKeyOf, importJsonCounts }, { JsonLog }, { TimestampReader }] = await Promise.all([
    import("../import-log.js"),
    import("../json-counts.js"),
    import("../json-log.js"),
    import("../timestamp.js"),
  ]);
  const { inputs, timestamps, timestamp } = request;
  const format = new JsonLog(timestamps, timestamp);
  const probe = new JsonLog(new TimestampReader("UTC", timestamps.options), timestamp);
  const key = await countKeyOf(inputs[0], probe, request.value);
  if (key === undefined) {
    if (request.values === undefined) return importLogs(inputs, { ...request, format });
    throw new InputError({
      code: "HR1006",
      where: "--values",
      got: "lines that are one request each",
      expected: "counts or rates that come ready-made",
      remedy: "Name their key with --value, or leave --values out",
    });
  }
  if (request.lenient)
    throw new InputError({
      code: "HR1006",
      where: "--lenient",
      got: `counts from "${key}"`,
      expected: "lines that are all counts: a bin that is left out would be taken for unknown",
      remedy: "Mend the lines, or leave --lenient out",
    });
  return importJsonCounts(inputs, format, key, request);
}
