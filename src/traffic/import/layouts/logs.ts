import { AccessLog } from "../access-log.js";
import { HaproxyLog, isHaproxyLine } from "../haproxy-log.js";
import { LoadBalancerLog } from "../load-balancer-log.js";
import type { RecordFormat } from "../record-format.js";
import { S3Log } from "../s3-log.js";
import { TimestampReader } from "../timestamp.js";
import { isW3cHead, W3cLog } from "../w3c-log.js";
import { COMMON_OPTIONS, type Layout, TIME_OPTIONS } from "./layout.js";

/** A log with one request a line; recognised if its first line can be parsed. */
function logLayout(create: () => RecordFormat): Layout {
  const { name, fields } = create();
  return {
    name,
    fields,
    options: [...COMMON_OPTIONS, "lenient"],
    isCutAfterwards: false,
    isStart: (_start, firstLine) => create().parse(firstLine),
    async read(request) {
      const { importLogs } = await import("../import-log.js");
      return importLogs(request.inputs, { ...request, format: create() });
    },
  };
}

export const accessLog = logLayout(() => new AccessLog());
export const loadBalancerLog = logLayout(() => new LoadBalancerLog());
export const s3Log = logLayout(() => new S3Log());
export const w3cLog: Layout = { ...logLayout(() => new W3cLog()), isStart: isW3cHead };

/** The options of times; each layout of log lines knows where its time stands. */
const CLOCK_OPTIONS = TIME_OPTIONS.filter((option) => option !== "timestamp");

export const haproxyLog: Layout = {
  name: "haproxy",
  fields: new HaproxyLog(new TimestampReader("UTC")).fields,
  options: [...COMMON_OPTIONS, "timezone", "lenient"],
  isCutAfterwards: false,
  isStart: (_start, firstLine) => isHaproxyLine(firstLine),
  async read(request) {
    const { importLogs } = await import("../import-log.js");
    return importLogs(request.inputs, { ...request, format: new HaproxyLog(request.timestamps) });
  },
};

/** Lines that the user describes by `--pattern`; its fields are the groups of the expression. */
export const patternLog: Layout = {
  name: "pattern",
  fields: [],
  options: [...COMMON_OPTIONS, ...CLOCK_OPTIONS, "pattern", "lenient"],
  isCutAfterwards: false,
  chosenBy: "pattern",
  async read(request) {
    // Loaded here, since its engine of expressions (RE2) would add 2 MB to every command.
    const { PatternLog } = await import("../pattern-log.js");
    // Without --pattern the empty expression is refused: it has no group for the time.
    const format = new PatternLog(request.pattern ?? "", request.timestamps);
    const { importLogs } = await import("../import-log.js");
    return importLogs(request.inputs, { ...request, format });
  },
};
