import { AccessLog } from "../access-log.js";
import { LoadBalancerLog } from "../load-balancer-log.js";
import type { RecordFormat } from "../record-format.js";
import { S3Log } from "../s3-log.js";
import { isW3cHead, W3cLog } from "../w3c-log.js";
import { COMMON_OPTIONS, type Layout } from "./layout.js";

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
