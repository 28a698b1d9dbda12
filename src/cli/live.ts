import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface LiveArguments {
  readonly file: string;
  readonly policy: string | undefined;
  readonly seed: number | undefined;
  readonly duration: string | undefined;
  readonly serve: boolean;
  readonly withFaults: boolean;
  readonly runtime: "node" | "native" | "zygote";
  readonly speed: number;
  readonly address: string;
  readonly port: number;
  readonly managerPort: number;
  readonly tokenFile: string | undefined;
  readonly requireLimits: boolean;
  readonly requireIsolation: boolean;
  readonly streamletUser: string | undefined;
  readonly upstream: string[];
  readonly room: number;
  readonly log: string | undefined;
  readonly history: string | undefined;
  readonly jsonLog: string | undefined;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const liveCommand: CommandModule<object, object> = {
  command: "live <file>",
  describe: "Run a scenario on real processes of this machine: its traffic as real streams, or --serve yours",
  builder: (yargs) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "Scenario file (YAML)" })
      .option("policy", {
        type: "string",
        requiresArg: true,
        describe: "This policy (by name or kind); default the first",
      })
      .option("seed", { type: "number", requiresArg: true, describe: "Another seed" })
      .option("duration", { type: "string", requiresArg: true, describe: "Another duration, e.g. 2min" })
      .option("serve", { type: "boolean", default: false, describe: "No traffic of ours: serve until stopped" })
      .option("with-faults", {
        type: "boolean",
        default: false,
        describe: "With --serve: make the scenario's faults real, on your streams",
      })
      .option("runtime", {
        choices: ["node", "native", "zygote"] as const,
        default: "node" as const,
        describe: "Node processes, the ultra-light C ones (npm run build:native), or those forked from a zygote",
      })
      .option("speed", { type: "number", default: 1, requiresArg: true, describe: "Scenario seconds per second" })
      .option("address", { type: "string", default: "127.0.0.1", requiresArg: true, describe: "Where to listen" })
      .option("port", { type: "number", default: 0, requiresArg: true, describe: "Port of the gateway (0 = any)" })
      .option("manager-port", { type: "number", default: 0, requiresArg: true, describe: "Port of the manager's API" })
      .option("token-file", {
        type: "string",
        requiresArg: true,
        describe: "File with the bearer token; without one only this machine may connect, and one is drawn for changes",
      })
      .option("require-limits", {
        type: "boolean",
        default: false,
        describe: "Refuse to start if a limit of the scenario cannot be enforced here",
      })
      .option("require-isolation", {
        type: "boolean",
        default: false,
        describe: "Refuse to start if streamlets cannot be confined here",
      })
      .option("streamlet-user", {
        type: "string",
        requiresArg: true,
        describe: "Run streamlets as this user (name or UID:GID); takes root",
      })
      .option("upstream", {
        type: "string",
        array: true,
        default: [],
        requiresArg: true,
        describe: "Addresses (host:port) that streams may be forwarded to or fetched from",
      })
      .option("room", { type: "number", default: 500, requiresArg: true, describe: "Most streamlets at once here" })
      .option("log", { type: "string", requiresArg: true, describe: "Run log (default <out>/run.jsonl)" })
      .option("history", {
        type: "string",
        requiresArg: true,
        describe: "Folder in which arrivals are kept from run to run: forecasters learn from them",
      })
      .option("json-log", {
        type: "string",
        requiresArg: true,
        describe:
          "Structured log: a JSON object per line, appended to this file, or on stderr in place of messages (-)",
      })
      .option("log-level", {
        choices: ["debug", "info", "warn", "error"] as const,
        default: "info" as const,
        describe: "Least level of the structured log",
      })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "Folder of the report (default reports/<name>-live)",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the result as JSON, write no report" })
      .option("quiet", { type: "boolean", default: false, describe: "No messages, no table" })
      .example("$0 live scenarios/evening-peak.yaml --duration 2min", "two minutes of it, for real")
      .example("$0 live mine.yaml --serve --port 8080", "serve your own streams"),
  handler: async (given) => {
    const argv = given as unknown as LiveArguments;
    const { runLive } = await import("./live-run.js");
    const path = (file: string | undefined): string | undefined => (file === undefined ? undefined : userPath(file));
    const { tokenFile, log, out } = argv;
    const jsonLog = argv.jsonLog === "-" ? "-" : path(argv.jsonLog);
    const files = {
      file: userPath(argv.file),
      tokenFile: path(tokenFile),
      log: path(log),
      history: path(argv.history),
      jsonLog,
      out: path(out),
    };
    await runLive({ ...argv, ...files });
  },
};
