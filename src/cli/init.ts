import { InputError } from "../base/errors.js";
import { command } from "./options/command.js";
import { choice, path, quantity, quantityText, text, whole } from "./options/kinds.js";
import { flag, kebabCase, list, type OptionValues, single, withDefault } from "./options/option.js";

export function isServerAddress(written: string): boolean {
  return /^https?:\/\/[^/]/.test(written);
}

const positionals = { file: withDefault(path("Scenario to write (YAML)"), "scenario.yaml") };

/** The address of a server, which is no path. */
const address = single("From a Prometheus server (its address), with --query, --from and --to", (written, place) => {
  if (isServerAddress(written)) return written;
  throw new InputError({
    code: "HR1005",
    where: place,
    got: `"${written.slice(0, 60)}"`,
    expected: "the address of a server, such as http://localhost:9090",
  });
});

const options = {
  log: list(path("From these access logs (gzip too), or from other files that trace import reads")),
  trace: path("From this trace (CSV with timestamp,value)"),
  prometheus: address,
  query: text("Prometheus: the query, e.g. sum(rate(http_requests_total[1m]))"),
  from: text("Prometheus: start of the time range (ISO-8601)"),
  to: text("Prometheus: end of the time range"),
  rate: quantityText("From nothing: mean arrivals, e.g. 5/s, in a daily wave", "rate", { above: 0 }),
  hpa: path("Compare with this HorizontalPodAutoscaler or ScaledObject (YAML; FILE#NAME takes one of several)"),
  metric: list(
    text("Meaning of a metric of the manifest: NAME=demand, open-streams, waiting-requests, arrivals-per-second"),
  ),
  holding: quantityText("Mean time that a stream holds its slot (default 5min)", "duration", { above: 0 }),
  slots: whole("Streams that one streamlet serves at once (default 8)", { least: 1, most: 1_000_000 }),
  spawn: quantity("Typical time until a streamlet is ready (default 10s)", "duration", { least: 0 }),
  ask: choice("Whether to ask for what is not given (default: on a terminal, if no option is given)", ["yes", "no"]),
  json: flag("Print what was written as JSON"),
  quiet: flag("Print nothing"),
};

export type InitArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

/** The options of init as they are written, without dashes. */
export const initOptionNames: readonly string[] = Object.keys(options).map(kebabCase);

export const initCommand = command({
  command: "init [file]",
  describe: "Write a first scenario: from logs, a trace, Prometheus, an HPA manifest, or nothing",
  positionals,
  options,
  examples: [
    ["init", "asks what it needs, and writes scenario.yaml"],
    ["init mine.yaml --log access.log.gz --hpa hpa.yaml", "your traffic under your autoscaler"],
    ["init mine.yaml --rate 20/s --holding 10min --slots 4 --spawn 30s", "a daily wave"],
  ],
  async run(argv) {
    const { writeFirstScenario } = await import("./init-run.js");
    await writeFirstScenario(argv);
  },
});
