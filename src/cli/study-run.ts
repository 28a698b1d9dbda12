import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../base/errors.js";
import { FailureNotes } from "../experiment/failure-notes.js";
import type { MatchedEstimate } from "../experiment/frontier/matched.js";
import type { JobRunner } from "../experiment/job-runner.js";
import type { MetricRunOptions } from "../experiment/metric-runs.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { RunStore } from "../experiment/run-store.js";
import { ablationArms, guardArms, mainArms, type StudyArm } from "../experiment/study/arms.js";
import { CAPACITY_TIMES, type ForecasterRow, forecasterRows } from "../experiment/study/forecaster-table.js";
import { steepnessMap } from "../experiment/study/steepness-map.js";
import { armFrontiers } from "../experiment/study/study.js";
import type { AblationRow, StudyDocument, StudyWorldResult } from "../experiment/study/study-document.js";
import { costAgainst, groupVerdicts, LOOSE, STRICT } from "../experiment/study/verdicts.js";
import {
  FLASH_FILE,
  flashCrowdCsv,
  GARBAGE_FILE,
  garbageHistoryCsv,
  type StudyTraffic,
  shippedTraces,
  studyTraces,
  unannounced,
} from "../experiment/study/worlds.js";
import { packageVersion } from "../experiment/version.js";
import { textTableLines } from "../report/frontier-tables.js";
import { checkEngine, openRunner, poolOf } from "./engine-run.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import type { StudyArguments } from "./study.js";

/** Finished runs, in the report's folder. */
const STORE = "study-runs.jsonl";
/**
 * Replications of the ablation and the map: parts are compared within one policy, whose runs
 * resemble each other.
 */
const MOST_SIDE_REPLICATIONS = 4;

/**
 * Runs the requested parts, one world after the other, and writes the report after each, so that
 * partial results can be read.
 */
export async function runStudy(argv: StudyArguments): Promise<void> {
  check(argv);
  checkEngine(argv);
  await checkFolder(argv.out);
  const runner = await openRunner(argv);
  const study = new Study(argv, runner);
  const interrupt = interruptSignal();
  try {
    await study.run(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted && !argv.quiet)
      process.stderr.write(`finished runs are kept in ${join(argv.out, STORE)}: the same command goes on from there\n`);
    throw error;
  } finally {
    interrupt.dispose();
    await runner?.close();
    process.stderr.write(study.failures.text);
  }
  await study.print();
}

class Study {
  /** Decisions at which a policy failed. Its settings get no match. */
  readonly failures = new FailureNotes();
  private readonly folder: string;
  private readonly traces: readonly StudyTraffic[];
  private readonly store: RunStore;
  private readonly worlds: StudyWorldResult[] = [];
  private readonly ablations: AblationRow[] = [];
  private readonly guards: StudyWorldResult[] = [];
  private readonly forecasters: ForecasterRow[] = [];
  private map: StudyDocument["map"];

  constructor(
    private readonly argv: StudyArguments,
    private readonly runner: JobRunner | undefined,
  ) {
    this.folder = argv.traces ?? fileURLToPath(new URL("../../traces", import.meta.url));
    const all = argv.traces === undefined ? shippedTraces : studyTraces;
    this.traces = all.filter((one) => argv.only === undefined || argv.only.includes(one.key));
    this.store = new RunStore(join(argv.out, STORE));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { parts, spawn } = this.argv;
    for (const latency of spawn) {
      if (parts.includes("main"))
        for (const traffic of this.traces)
          await this.main(traffic, latency, this.options(`${traffic.key} ${latency}`, signal));
      if (parts.includes("ablation")) await this.ablate(latency, (label) => this.options(label, signal));
      if (parts.includes("guard")) await this.guard(latency, (label) => this.options(label, signal));
    }
    if (parts.includes("forecasters")) await this.compareForecasters((label) => this.options(label, signal));
    if (!parts.includes("map")) return;
    const bar = this.options("map", signal);
    this.map = await steepnessMap(this.sideEffort(), bar);
    await this.write();
  }

  async print(): Promise<void> {
    const { studyTables } = await import("../report/study-page.js");
    const tables = studyTables(this.document()).map((table) => textTableLines(table).join("\n"));
    process.stdout.write(`${tables.join("\n\n")}\n\nReport: ${join(this.argv.out, "index.html")}\n`);
  }

  private async main(traffic: StudyTraffic, spawn: string, options: MetricRunOptions): Promise<void> {
    const effort = { coarse: this.argv.coarse, fine: this.argv.replications };
    const { arms: names } = this.argv;
    const arms = mainArms.filter((arm) => names === undefined || names.includes(arm.name));
    const frontiers = await armFrontiers({ traffic, spawn }, arms, this.folder, effort, options);
    const verdicts = groupVerdicts(frontiers, ["shipped", "equalised", "square-root"]);
    this.worlds.push({ key: traffic.key, title: traffic.title, spawn, frontiers, verdicts });
    await this.write();
  }

  private async ablate(spawn: string, options: (label: string) => MetricRunOptions): Promise<void> {
    const whole = mainArms.filter((arm) => arm.group === "predictive");
    const rows = [LOOSE, STRICT].flatMap((violation) =>
      ablationArms.map(({ name }, i) => ({
        name,
        spawn,
        violation,
        i,
        cost: {} as Record<string, MatchedEstimate | null>,
      })),
    );
    for (const traffic of this.traces) {
      const arms: StudyArm[] = [...whole, ...ablationArms];
      const label = `ablation ${traffic.key} ${spawn}`;
      const frontiers = await armFrontiers({ traffic, spawn }, arms, this.folder, this.sideEffort(), options(label));
      for (const { cost, violation, i } of rows)
        cost[traffic.key] = costAgainst(frontiers[0], frontiers[i + 1], violation);
    }
    this.ablations.push(...rows.map(({ i: _, ...row }) => row));
    await this.write();
  }

  private async guard(spawn: string, options: (label: string) => MetricRunOptions): Promise<void> {
    await writeFileAtomically(join(this.argv.out, FLASH_FILE), flashCrowdCsv());
    await writeFileAtomically(join(this.argv.out, GARBAGE_FILE), garbageHistoryCsv());
    const effort = { coarse: this.argv.coarse, fine: this.argv.replications };
    for (const traffic of unannounced) {
      const label = `${traffic.key} ${spawn}`;
      const frontiers = await armFrontiers({ traffic, spawn }, guardArms, this.argv.out, effort, options(label));
      const verdicts = groupVerdicts(frontiers, ["equalised", "square-root"]);
      this.guards.push({ key: traffic.key, title: traffic.title, spawn, frontiers, verdicts });
    }
    await this.write();
  }

  /** Differences of a percent and less: they need all replications. */
  private async compareForecasters(options: (label: string) => MetricRunOptions): Promise<void> {
    const effort = { coarse: this.argv.coarse, fine: this.argv.replications };
    for (const spawn of CAPACITY_TIMES) {
      for (const traffic of this.traces) {
        const label = options(`forecasters ${traffic.key} ${spawn}`);
        this.forecasters.push(...(await forecasterRows(traffic, spawn, this.folder, effort, label)));
        await this.write();
      }
    }
  }

  private sideEffort(): { coarse: number; fine: number } {
    return { coarse: this.argv.coarse, fine: Math.min(MOST_SIDE_REPLICATIONS, this.argv.replications) };
  }

  private options(label: string, signal: AbortSignal): MetricRunOptions {
    const bar = new ProgressBar(label, this.argv.quiet);
    const onProgress = (share: number): void => (share >= 1 ? bar.clear() : bar.show(share));
    return { store: this.store, signal, onProgress, onPolicyFailed: this.failures.add, ...poolOf(this.runner) };
  }

  private document(): StudyDocument {
    return {
      version: packageVersion(),
      replications: this.argv.replications,
      seed: 1,
      worlds: this.worlds,
      ...(this.guards.length === 0 ? {} : { guard: this.guards }),
      ...(this.ablations.length === 0 ? {} : { ablation: this.ablations }),
      ...(this.forecasters.length === 0 ? {} : { forecasters: this.forecasters }),
      ...(this.map === undefined ? {} : { map: this.map }),
    };
  }

  private async write(): Promise<void> {
    const { writeStudyReport } = await import("../report/study-page.js");
    await writeStudyReport(this.document(), this.argv.out, commandOf(this.argv));
  }
}

function check(argv: StudyArguments): void {
  const keys = (argv.traces === undefined ? shippedTraces : studyTraces).map((one) => one.key);
  const arm = argv.arms?.find((name) => !mainArms.some((one) => one.name === name));
  if (arm !== undefined)
    throw new InputError({
      code: "HR1003",
      where: "--arms",
      got: arm,
      expected: mainArms.map((one) => one.name).join("; "),
    });
  const unknown = argv.only?.find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new InputError({ code: "HR1003", where: "--only", got: unknown, expected: keys.join(", ") });
}

/** What repeats the study. */
function commandOf(argv: StudyArguments): string {
  const traces = argv.traces === undefined ? "" : " --traces DIR";
  const list = (name: string, values: readonly string[] | undefined): string =>
    values === undefined ? "" : ` --${name} ${values.map((value) => `"${value}"`).join(" ")}`;
  const part = `${list("only", argv.only)}${list("arms", argv.arms)}`;
  return (
    `npm run study --${traces}${part} --replications ${argv.replications} ` +
    `--spawn ${argv.spawn.join(" ")} --parts ${argv.parts.join(" ")}`
  );
}
