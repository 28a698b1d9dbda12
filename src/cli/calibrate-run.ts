import { dirname } from "node:path";
import { InputError } from "../base/errors.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { BenchStuck } from "../live/calibrate/bench.js";
import { busyWarning, type Calibration, calibrate } from "../live/calibrate/calibrate.js";
import type { ClassProfile } from "../live/calibrate/class-profile.js";
import type { Spread } from "../live/calibrate/quantiles.js";
import { streamletCommand } from "../live/machine/launch-command.js";
import type { CalibrateArguments } from "./calibrate.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";

/** `headrace calibrate`. */
export async function runCalibration(argv: CalibrateArguments): Promise<void> {
  if (!argv.json) await checkFolder(dirname(argv.out));
  // Reports a missing build of the ultra-light class before anything is measured.
  streamletCommand(argv.class, 1000, [], 0, "none");
  const interrupt = interruptSignal();
  const bar = new ProgressBar("calibrating", argv.quiet);
  try {
    const { signal } = interrupt;
    const { quick } = argv;
    const profile = await calibrate({ quick, chosen: argv.class, only: false, signal, onProgress: bar.show });
    bar.clear();
    const warning = busyWarning(profile);
    if (warning !== "") process.stderr.write(`${warning}\n`);
    const text = `${JSON.stringify(profile, null, 2)}\n`;
    if (argv.json) process.stdout.write(text);
    else await writeFileAtomically(argv.out, text);
    if (!argv.json && !argv.quiet) process.stdout.write(`${renderCalibration(profile)}\nProfile: ${argv.out}\n`);
  } catch (error) {
    if (!(error instanceof BenchStuck)) throw error;
    throw new InputError({
      code: "HR1506",
      where: "this machine",
      got: error.message,
      expected: "streamlet processes that start and answer",
      remedy: "Is it out of memory or processes?",
    });
  } finally {
    interrupt.dispose();
  }
}

/** The figures of each class, and of the bursts that the model was not fitted to. */
function renderCalibration({ conditions, classes }: Calibration): string {
  const { cores, cpu, kernel, node, enforced, backgroundCpuPressure } = conditions;
  const pressure = backgroundCpuPressure === null ? "unknown" : percent(backgroundCpuPressure);
  const limits = Object.entries(enforced).map(([kind, by]) => `${kind} ${by}`);
  return [
    `${cores} cores (${cpu}), kernel ${kernel}, Node ${node}; background CPU pressure ${pressure}`,
    `limits here: ${limits.join(", ")}; none was set while measuring`,
    ...Object.entries(classes).flatMap(([name, profile]) => ["", ...classLines(name, profile)]),
  ].join("\n");
}

function classLines(name: string, profile: ClassProfile): string[] {
  const { spawn, pair, waves, bursts, formats } = profile;
  const at = (p: number): string => ms(spawn.quantilesMs.find(([probability]) => probability === p)?.[1] ?? Number.NaN);
  const row = (label: string, text: string): string => `  ${label.padEnd(22)}${text}`;
  return [
    `class ${name}`,
    row("single spawn → ready", `p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)} (${spawn.count} spawns)`),
    row(
      "model of bursts",
      `${spawn.startsAtOnce} starts at once, fork ${ms(spawn.serialMs)} serial, ` +
        `${ms(spawn.outsideMs)} outside the line, sharing ${spawn.sharing} ` +
        `(fitted on pairs: p50 ${ms(pair.p50)}; and four waves: ${ms(waves.p50)})`,
    ),
    row(
      "a start among streams",
      `each lengthens it by ${percent(spawn.perStream, 1)}, and holds ` +
        `${percent(spawn.delayChance, 1)} of starts up for ${ms(spawn.delayMs)} in the mean`,
    ),
    ...bursts.map(({ size, measured, predicted, error }) =>
      row(
        `held-out burst of ${size}`,
        `p50 ${ms(measured.p50)}, model ${ms(predicted.p50)} (${signed(error.p50)}); last ready ` +
          `${ms(measured.makespanMs)}, model ${ms(predicted.makespanMs)} (${signed(error.makespanMs)})`,
      ),
    ),
    row("warm hand-off", spread(profile.handOffMs)),
    row("crash noticed after", spread(profile.crashDetectionMs)),
    row("teardown", spread(profile.teardownMs)),
    row("idle memory", `${(profile.idleRssBytes / 1e6).toFixed(1)} MB resident`),
    ...Object.entries(formats).map(([format, cost]) =>
      row(
        `one ${format} stream`,
        `${(cost.bitsPerSecond / 1e6).toFixed(1)} Mbit/s: ${percent(cost.cpu, 2)} ` +
          `of a core, ${(cost.memoryBytes / 1000).toFixed(0)} kB`,
      ),
    ),
  ];
}

function spread({ count, p50, p90, p99 }: Spread): string {
  return `p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)} (${count} times)`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share, 1)}`;
}
