import { existsSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { packageVersion } from "../../experiment/version.js";
import { Limiter } from "../limits/limiter.js";
import { nativeStreamlet, type Runtime } from "../machine/launch-command.js";
import { type ClassProfile, measureClass } from "./class-profile.js";
import { BUSY_SHARE, CpuPressure } from "./cpu-pressure.js";
import { fullEffort, quickEffort } from "./effort.js";

/** The load of the machine is measured for this long before the first start. */
const QUIET_MS = 1000;

/**
 * The file that `headrace calibrate` writes. `spawn` belongs to the chosen class; `spawn: {profile:
 * FILE}` reads it.
 */
export interface Calibration {
  readonly kind: "calibration";
  readonly version: 1;
  readonly conditions: {
    readonly headrace: string;
    readonly measuredAt: string;
    readonly quick: boolean;
    readonly node: string;
    readonly platform: string;
    readonly kernel: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    /**
     * The method that would enforce each limit on this machine; the measured streamlets had no
     * limits.
     */
    readonly enforced: Readonly<Record<string, string>>;
    /**
     * Share of time in which a process waited for a core before anything was started; null where
     * the kernel does not measure it.
     */
    readonly backgroundCpuPressure: number | null;
  };
  readonly class: Runtime;
  readonly spawn: ClassProfile["spawn"];
  readonly classes: Partial<Record<Runtime, ClassProfile>>;
}

export interface CalibrateOptions {
  readonly quick: boolean;
  /** The class whose spawn times a scenario gets. */
  readonly chosen: Runtime;
  /** Only that class is measured. */
  readonly only: boolean;
  readonly signal: AbortSignal;
  onProgress(share: number): void;
}

/** Measures this machine with real streamlet processes. */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { quick, chosen, signal } = options;
  const measuredAt = new Date().toISOString();
  const background = new CpuPressure();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  signal.throwIfAborted();
  const backgroundCpuPressure = background.share();
  const limiter = new Limiter();
  const { enforced } = limiter;
  limiter.close();
  const runtimes: Runtime[] = options.only ? [chosen] : allClasses();
  const classes: Partial<Record<Runtime, ClassProfile>> = {};
  for (const [i, runtime] of runtimes.entries()) {
    classes[runtime] = await measureClass(runtime, quick ? quickEffort : fullEffort, signal, (share) =>
      options.onProgress((i + share) / runtimes.length),
    );
  }
  return {
    kind: "calibration",
    version: 1,
    conditions: {
      headrace: packageVersion(),
      measuredAt,
      quick,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      kernel: release(),
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      enforced: { ...enforced },
      backgroundCpuPressure,
    },
    class: chosen,
    spawn: (classes[chosen] as ClassProfile).spawn,
    classes,
  };
}

function allClasses(): Runtime[] {
  return existsSync(nativeStreamlet()) ? ["node", "native", "zygote"] : ["node"];
}

/** The warning for figures that were measured on a busy machine; empty for a quiet one. */
export function busyWarning({ conditions }: Calibration): string {
  const { backgroundCpuPressure: share } = conditions;
  if (share === null || share <= BUSY_SHARE) return "";
  return (
    `the machine was busy with other work: a process waited for a core ${(100 * share).toFixed(0)} % of the time ` +
    `before anything was started (above ${100 * BUSY_SHARE} %); expect other figures when it is quiet`
  );
}
