import { availableParallelism, release } from "node:os";
import { join } from "node:path";
import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import { checkFolder, folderName, writeFileAtomically } from "../experiment/output.js";
import { readScenario } from "../experiment/scenario-file.js";
import { parseSpawnProfile } from "../experiment/spawn-profile.js";
import { packageVersion } from "../experiment/version.js";
import { busyWarning, calibrate } from "../live/calibrate/calibrate.js";
import { BUSY_SHARE } from "../live/calibrate/cpu-pressure.js";
import { twin } from "../live/twin/twin.js";
import { TWIN_HEAD, type TwinDocument, twinCells, writeTwinReport } from "../report/twin-page.js";
import { readTextFile } from "../traffic/text-file.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import type { TwinArguments } from "./twin.js";

/** A bound, so that two live runs of a day are not started by mistake. */
const MAX_DURATION_MS = 3_600_000;

/** `headrace twin SCENARIO`. */
export async function runTwin(argv: TwinArguments): Promise<void> {
  const scenario = await readScenario(argv.file, {
    replications: 1,
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
    ...(argv.duration === undefined ? {} : { duration: argv.duration }),
    ...(argv.policy === undefined ? {} : { policies: [argv.policy] }),
  });
  if (scenario.durationMs > MAX_DURATION_MS) {
    throw new InputError({
      code: "HR1510",
      where: argv.file,
      got: `two live runs of ${formatDuration(scenario.durationMs)}`,
      expected: `at most ${formatDuration(MAX_DURATION_MS)} each`,
      remedy: "Take a part of it: --duration 1min",
    });
  }
  const folder = argv.out ?? join("reports", `${folderName(scenario.name)}-twin`);
  await checkFolder(folder);
  const notice = (line: string): void => void (argv.quiet || process.stderr.write(`${line}\n`));
  const [policy] = scenario.policies;
  notice(`${argv.file}: ${policy.name}, twice ${formatDuration(scenario.durationMs)} live; seed ${scenario.seed}`);
  const interrupt = interruptSignal();
  try {
    const { profile, from } = await profileOf(argv, folder, interrupt.signal, notice);
    const outcome = await twin(scenario, profile, argv.runtime, folder, interrupt.signal, notice);
    const document: TwinDocument = {
      scenario: { name: scenario.name, hash: scenario.hash },
      seed: scenario.seed,
      version: packageVersion(),
      policy: policy.name,
      ...outcome,
      conditions: [
        `${availableParallelism()} cores, kernel ${release()}, Node ${process.version}, ${argv.runtime} streamlets`,
        `spawn times: ${from}`,
        ...pressureLines(outcome.cpuPressure),
      ],
    };
    const page = await writeTwinReport(document, folder);
    if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (!argv.quiet) process.stdout.write(`${renderTwin(document)}\n\nReport: ${page}\n`);
  } finally {
    interrupt.dispose();
  }
}

async function profileOf(argv: TwinArguments, folder: string, signal: AbortSignal, notice: (line: string) => void) {
  if (argv.profile !== undefined) {
    const text = await readTextFile(argv.profile, "a calibration (JSON)");
    return { profile: parseSpawnProfile(argv.profile, text, argv.runtime), from: argv.profile };
  }
  const bar = new ProgressBar("calibrating", argv.quiet);
  const chosen = argv.runtime;
  const measured = await calibrate({ quick: true, only: true, chosen, signal, onProgress: bar.show });
  bar.clear();
  const warning = busyWarning(measured);
  if (warning !== "") notice(warning);
  const file = join(folder, "calibration.json");
  const text = `${JSON.stringify(measured, null, 2)}\n`;
  await writeFileAtomically(file, text);
  return { profile: parseSpawnProfile(file, text), from: `${file}, measured just before (--quick)` };
}

function pressureLines(shares: readonly (number | null)[]): string[] {
  const known = shares.filter((share): share is number => share !== null);
  if (known.length === 0) return ["CPU pressure: this kernel does not measure it"];
  const text = known.map((share) => `${(100 * share).toFixed(0)} %`).join(" and ");
  const busy = known.some((share) => share > BUSY_SHARE);
  const words = busy ? ": above 10 %, the figures are those of a busy machine" : "";
  return [`CPU pressure during the live runs: a process waited for a core ${text} of the time${words}`];
}

/** The table on the terminal. */
function renderTwin({ scenario, policy, seed, conditions, rows }: TwinDocument): string {
  const table = [TWIN_HEAD, ...rows.map(twinCells)];
  const widths = TWIN_HEAD.map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join("   ")
      .trimEnd(),
  );
  const apart = rows.filter(({ within }) => within === false).length;
  const verdict =
    apart === 0
      ? "Every metric that was compared is within 10 %, or within twice the repeat error."
      : `${apart} of ${rows.length} metrics lie apart by more than 10 % and twice the repeat error.`;
  return [`${scenario.name}, ${policy}, seed ${seed}`, "", ...lines, "", verdict, ...conditions].join("\n");
}
