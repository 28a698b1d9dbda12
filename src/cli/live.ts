import { command } from "./options/command.js";
import { choice, number, path, quantityText, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, required, withDefault } from "./options/option.js";

const PORTS = { least: 0, most: 65_535 };

const positionals = { file: required(path("Scenario file (YAML)")) };

const options = {
  policy: text("Policy to run, by name or kind (default the first)"),
  seed: whole("Another seed"),
  duration: quantityText("Another duration, e.g. 2min", "duration"),
  serve: flag("No traffic of ours: serve until stopped"),
  withFaults: flag("With --serve: make the scenario's faults real, on your streams"),
  runtime: withDefault(
    choice("Node processes, the ultra-light C ones (headrace doctor --build-native), or those forked from a zygote", [
      "node",
      "native",
      "zygote",
    ]),
    "node",
  ),
  speed: withDefault(number("Scenario seconds per second", { above: 0, most: 10_000 }), "1"),
  address: withDefault(text("Where to listen"), "127.0.0.1"),
  port: withDefault(whole("Port of the gateway (0 = any)", PORTS), "0"),
  managerPort: withDefault(whole("Port of the manager's API", PORTS), "0"),
  tokenFile: path(
    "File with the bearer token; without one only this machine may connect, and one is drawn for changes",
  ),
  requireLimits: flag("Refuse to start if a limit of the scenario cannot be enforced here"),
  requireIsolation: flag("Refuse to start if streamlets cannot be confined here"),
  sandbox: choice("Run each Node streamlet in namespaces of its own (needs bwrap)", ["bubblewrap"]),
  streamletUser: text("Run streamlets as this user (name or UID:GID); takes root"),
  upstream: withDefault(list(text("Addresses (host:port) that streams may be forwarded to or fetched from")), []),
  room: withDefault(whole("Most streamlets at once here", { least: 1, most: 10_000 }), "500"),
  log: path("Run log (default <out>/run.jsonl)"),
  history: path("Folder in which arrivals are kept from run to run: forecasters learn from them"),
  jsonLog: path(
    "Structured log: a JSON object per line, appended to this file, or on stderr in place of messages (-)",
    "-",
  ),
  logLevel: withDefault(choice("Least level of the structured log", ["debug", "info", "warn", "error"]), "info"),
  watch: flag("Watch it in the terminal; q closes the picture, Ctrl-C ends the run"),
  out: path("Folder of the report (default reports/<name>-live)"),
  json: flag("Print the result as JSON, write no report"),
  quiet: flag("No messages, no table"),
};

export type LiveArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const liveCommand = command({
  command: "live <file>",
  describe: "Run a scenario on real processes of this machine: its traffic as real streams, or --serve yours",
  positionals,
  options,
  examples: [
    ["live scenarios/evening-peak.yaml --duration 2min", "two minutes of it, for real"],
    ["live mine.yaml --serve --port 8080", "serve your own streams"],
    ["live mine.yaml --serve --watch", "serve, and watch it"],
  ],
  async run(argv) {
    const { runLive } = await import("./live-run.js");
    await runLive(argv);
  },
});
