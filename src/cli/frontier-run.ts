import { join } from "node:path";
import { sweepFrontiers } from "../experiment/frontier/frontier.js";
import { frontierDocument } from "../experiment/frontier/frontier-document.js";
import { sweepSpawns } from "../experiment/frontier/spawn-sweep.js";
import type { MetricRunOptions } from "../experiment/metric-runs.js";
import type { ResultDocument } from "../experiment/result.js";
import { RunStore } from "../experiment/run-store.js";
import { frontierTables, spawnSweepTable, textTableLines } from "../report/frontier-tables.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { ProgressBar } from "./progress-bar.js";

/** Finished runs, in the report's folder. */
const STORE = "frontier-runs.jsonl";

export interface SweepArguments {
  readonly frontier: boolean;
  readonly spawnSweep: boolean;
  readonly quiet: boolean;
  readonly threads: number | undefined;
}

/** Runs the requested sweeps. With a folder, finished runs are kept there and not repeated. */
export async function runSweeps(
  scenario: Scenario,
  folder: string | undefined,
  argv: SweepArguments,
  signal: AbortSignal,
): Promise<Pick<ResultDocument, "frontier" | "spawnSweep">> {
  const store = folder === undefined ? undefined : new RunStore(join(folder, STORE));
  const sweep = async <T>(label: string, run: (options: MetricRunOptions) => Promise<T>): Promise<T> => {
    const bar = new ProgressBar(label, argv.quiet);
    try {
      const kept = store === undefined ? {} : { store };
      const threads = argv.threads === undefined ? {} : { threads: argv.threads };
      return await run({ ...kept, ...threads, signal, onProgress: bar.show });
    } catch (error) {
      if (signal.aborted && folder !== undefined && !argv.quiet)
        process.stderr.write(`finished runs are kept in ${join(folder, STORE)}: the same command goes on from there\n`);
      throw error;
    } finally {
      bar.clear();
    }
  };
  return {
    ...(argv.frontier
      ? {
          frontier: frontierDocument(
            scenario,
            await sweep("frontiers", (options) => sweepFrontiers(scenario, options)),
          ),
        }
      : {}),
    ...(argv.spawnSweep
      ? { spawnSweep: await sweep("spawn latencies", (options) => sweepSpawns(scenario, options)) }
      : {}),
  };
}

/** The tables of the sweeps, for a terminal. */
export function renderSweeps(document: ResultDocument): string {
  const tables = [
    ...(document.frontier === undefined ? [] : frontierTables(document.frontier)),
    ...(document.spawnSweep === undefined ? [] : [spawnSweepTable(document.spawnSweep)]),
  ];
  return tables.map((table) => textTableLines(table).join("\n")).join("\n\n");
}
