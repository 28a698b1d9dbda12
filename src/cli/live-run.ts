import { join } from "node:path";
import { InputError } from "../base/errors.js";
import { formatCount, formatDuration } from "../base/units.js";
import { loadUserModules } from "../experiment/module-file.js";
import { checkFolder, folderName } from "../experiment/output.js";
import { moduleSentences } from "../experiment/policy-failures.js";
import { readScenario } from "../experiment/scenario-file.js";
import { summarise } from "../experiment/summarise.js";
import { packageVersion } from "../experiment/version.js";
import type { LoadReport } from "../live/load/load-orders.js";
import { LineFile } from "../live/log/line-file.js";
import type { LineSink } from "../live/log/run-log.js";
import { WriteFaults } from "../live/log/write-faults.js";
import { streamletUser } from "../live/machine/streamlet-user.js";
import { fineTimeline } from "../live/replay/fine-timeline.js";
import { runSession } from "../live/session/session.js";
import type { FinishedSession, SessionOptions } from "../live/session/session-options.js";
import { shellWord } from "../report/shell-word.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { defaultQuarantine } from "../world/scenario/sections/gateway.js";
import type { LiveArguments } from "./live.js";
import { LivePicture } from "./live-picture.js";
import { interruptSignal, sayOnStderr } from "./outcome.js";
import { renderTable } from "./result-table.js";
import { readToken } from "./token-file.js";

/** A server's run is measured over this long at most. */
const SERVE_MS = 30 * 24 * 3_600_000;

/** `headrace live`: one policy of a scenario on real processes. */
export async function runLive(argv: LiveArguments): Promise<void> {
  refuseUnseen(argv);
  const scenario = await oneRun(argv);
  const folder = argv.out ?? join("reports", `${folderName(scenario.name)}-live`);
  await checkFolder(folder);
  const token = await tokenOf(argv);
  // Logs and results show who connected and when, so only this user may read them.
  process.umask(0o077);
  const writes = new WriteFaults();
  const silent = argv.quiet || argv.jsonLog === "-";
  const print = (line: string): void => {
    if (!silent) sayOnStderr(line, (reason) => writes.fault("stderr", "stderr", reason));
  };
  const picture = argv.watch ? new LivePicture(print) : undefined;
  const notice = (line: string): void => (picture === undefined ? print(line) : picture.notice(line));
  const forHowLong =
    argv.serve && argv.duration === undefined ? "as long as you let it" : formatDuration(scenario.durationMs);
  notice(`${argv.file}: ${scenario.policies[0].name} live for ${forHowLong}; seed ${scenario.seed}`);
  const jsonLog = await openLog(argv, writes);
  const interrupt = interruptSignal();
  try {
    const { serve, runtime, speed, address, port, managerPort, requireLimits, requireIsolation, upstream, room } = argv;
    const user = argv.streamletUser === undefined ? {} : { user: streamletUser(argv.streamletUser) };
    const session: SessionOptions = {
      scenario,
      policy: scenario.policies[0],
      serve,
      withFaults: !serve || argv.withFaults,
      runtime,
      speed,
      address,
      port,
      managerPort,
      historyFolder: argv.history,
      token,
      requireLimits,
      requireIsolation,
      ...user,
      ...(argv.sandbox === undefined ? {} : { sandbox: argv.sandbox }),
      upstreams: upstream,
      room,
      logFile: argv.log ?? join(folder, "run.jsonl"),
      writes,
      ...(picture === undefined ? {} : { onUp: (feed) => picture.open(feed) }),
      ...(jsonLog === undefined ? {} : { structured: { level: argv.logLevel, sink: jsonLog.sink } }),
    };
    const finished = await runSession(session, interrupt.signal, notice);
    await picture?.close();
    await conclude(finished, session, folder, argv, notice);
  } finally {
    await picture?.close();
    interrupt.dispose();
    const lost = (await jsonLog?.close()) ?? 0;
    if (lost > 0) notice(`${argv.jsonLog}: ${formatCount(lost)} records could not be written`);
  }
}

/** Undefined where none is named, which only a loopback address may do. */
async function tokenOf({ tokenFile, address }: LiveArguments): Promise<string | undefined> {
  if (tokenFile !== undefined) return readToken(tokenFile);
  if (/^(127\.|::1$|localhost$)/.test(address)) return undefined;
  throw new InputError({
    code: "HR1508",
    where: "--address",
    got: `${address} without a token`,
    expected: "a loopback address, or --token-file",
    remedy: "Write a long random word to a file, and name it with --token-file",
  });
}

/** While the terminal shows a picture, nothing else may write to it. */
function refuseUnseen({ watch, json, quiet, jsonLog }: LiveArguments): void {
  const other = json ? "--json" : quiet ? "--quiet" : jsonLog === "-" ? "--json-log -" : undefined;
  if (!watch || other === undefined) return;
  throw new InputError({ code: "HR1006", got: `--watch with ${other}`, expected: "one of them" });
}

/** The last messages and the report, even if part of the log could not be written. */
async function conclude(
  finished: FinishedSession,
  { scenario, logFile }: SessionOptions,
  folder: string,
  argv: LiveArguments,
  notice: (line: string) => void,
): Promise<void> {
  const { result, load, worstLagMs, unwritten } = finished;
  if (load !== undefined) notice(describeLoad(load));
  notice(`the control plane was late by ${worstLagMs.toFixed(1)} ms at worst; run log: ${logFile}`);
  if (unwritten > 0)
    notice(`${logFile}: ${formatCount(unwritten)} records could not be written: it cannot be replayed as a whole`);
  if (result === undefined) {
    notice("ended within the warm-up: there is nothing to report");
    return;
  }
  const document = summarise(scenario, packageVersion(), [[result]]);
  // The table shows it too; --json and --quiet show only this line.
  if (argv.json || argv.quiet) for (const sentence of moduleSentences(document)) process.stderr.write(`${sentence}\n`);
  if (argv.json) {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const { writeLiveReport } = await import("../report/live-report.js");
  const { startedAt, durationMs, losses } = finished;
  const facts = { startedAt, durationMs, losses, command: commandLine(), served: argv.serve, speed: argv.speed };
  const ranShort = durationMs < scenario.durationMs / 2 && durationMs > 0;
  const timeline = ranShort ? await fineTimeline(logFile, durationMs, await loadUserModules(scenario)) : undefined;
  const shown = timeline === undefined ? result : { ...result, timeline };
  const { indexHtml } = await writeLiveReport({ document, runs: [[shown]] }, scenario, folder, facts);
  if (!argv.quiet) process.stdout.write(`${renderTable(document)}\n\nReport: ${indexHtml}\n`);
}

/** As it was given, so that a shell takes it again. */
function commandLine(): string {
  return ["headrace", ...process.argv.slice(2).map(shellWord)].join(" ");
}

interface JsonLog {
  readonly sink: LineSink;
  /** Resolves to the records that were lost. */
  close(): Promise<number>;
}

/** Where the structured log goes, if one was asked for. */
async function openLog({ jsonLog }: LiveArguments, writes: WriteFaults): Promise<JsonLog | undefined> {
  if (jsonLog === undefined) return undefined;
  if (jsonLog === "-") {
    let lost = 0;
    const onLost = (reason: string): void => {
      lost++;
      writes.fault("json-log", "stderr", reason);
    };
    return { sink: (line) => sayOnStderr(line, onLost), close: async () => lost };
  }
  const file = await LineFile.open(jsonLog, "append", writes.listenerOf("json-log", jsonLog));
  const close = async (): Promise<number> => {
    await file.close();
    return file.unwritten;
  };
  return { sink: (line) => file.write(line), close };
}

async function oneRun(argv: LiveArguments): Promise<Scenario> {
  const scenario = await readScenario(argv.file, {
    replications: 1,
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
    ...(argv.duration === undefined ? {} : { duration: argv.duration }),
    ...(argv.policy === undefined ? {} : { policies: [argv.policy] }),
  });
  const one = { ...scenario, policies: [scenario.policies[0]] };
  // A server runs for an unknown time: the bins of its timeline are wide enough for a month.
  if (!argv.serve) return one;
  // A stream from outside may crash its streamlet; those of the load generator do not.
  const served = { ...one, gateway: { quarantine: defaultQuarantine, ...one.gateway } };
  return argv.duration === undefined ? { ...served, durationMs: SERVE_MS, warmupMs: 0 } : served;
}

function describeLoad({ served, interrupted, refused, open, wrong, bytes }: LoadReport): string {
  const counts =
    `${formatCount(served)} streams served, ${formatCount(interrupted)} interrupted, ` +
    `${formatCount(refused)} refused, ${formatCount(open)} open at the end`;
  return (
    `clients: ${counts}; ${(bytes / 1e6).toFixed(1)} MB came back, ` +
    `${wrong === 0 ? "every byte right" : `${wrong} pieces WRONG`}`
  );
}
