import { InputError } from "../../../base/errors.js";
import type { Imported } from "../import-log.js";
import { COMMON_OPTIONS, type ImportRequest, type Layout, type LayoutReader } from "./layout.js";
import { onlyInput } from "./only-input.js";

const name = "prometheus";

const server: LayoutReader = {
  name: "prometheus-server",
  options: ["from", "to", "region", "format", "segment", "values", "query", "step"],
  remedies: { bin: "The width of a bin is --step" },
  read: askServer,
};

/** An answer of `query_range` in a file, or the server itself. */
export const prometheus: Layout = {
  name,
  fields: [],
  options: [...COMMON_OPTIONS, "values"],
  remedies: {
    step: "An exported answer has its own step; --bin makes wider bins of it",
    query: "An exported answer is that of its query; name the server's address to ask it",
  },
  isCutAfterwards: true,
  server,
  isAddress: isServer,
  isStart: (_start, firstLine) =>
    // The keys may come in any order (jq -S sorts them). After "data" the type may be far behind.
    /^\{\s*"(status|errorType|error)"\s*:.*"(resultType|errorType)"/.test(firstLine) ||
    /^\{\s*"data"\s*:\s*\{\s*"(resultType|result)"\s*:/.test(firstLine) ||
    /^\{\s*$/.test(firstLine),
  async read(request) {
    const file = onlyInput(request.inputs, name);
    const { importPrometheusJson } = await import("../import-prometheus.js");
    return importPrometheusJson(file, request);
  },
};

/** Is the input the address of a server, not a file? */
export function isServer(input: string): boolean {
  return /^https?:\/\//.test(input);
}

async function askServer(request: ImportRequest): Promise<Imported> {
  const { query, stepMs } = request;
  const url = onlyInput(request.inputs, name);
  if (query === undefined || !Number.isFinite(request.toMs - request.fromMs)) {
    throw new InputError({
      code: "HR1007",
      where: url,
      got: "no query, or no time range",
      expected: "--query, --from and --to",
    });
  }
  const fromMs = Math.floor(request.fromMs / stepMs) * stepMs;
  const toMs = Math.floor(request.toMs / stepMs) * stepMs;
  if (!(toMs > fromMs))
    throw new InputError({
      code: "HR1008",
      where: "--to",
      got: new Date(request.toMs).toISOString(),
      expected: "a step after --from",
    });
  const { importFromPrometheus } = await import("../import-prometheus.js");
  return importFromPrometheus({ url, query, fromMs, toMs, stepMs }, request);
}
