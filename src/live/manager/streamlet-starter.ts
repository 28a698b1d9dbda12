import { type ChildProcess, spawn } from "node:child_process";
import type { Limiter } from "../limits/limiter.js";
import type { Limits } from "../limits/limits.js";
import { isolationArgument, nodePrefix, openIsolation } from "../machine/isolation.js";
import { scrubbedEnvironment, streamletCommand } from "../machine/launch-command.js";
import type { HostTimes, ProcessClass } from "../wire/process-class.js";
import { Zygote, type ZygoteView } from "./zygote.js";

/** A zygote starts in 10 ms. After this time the manager spawns the streamlets itself. */
const BEGIN_WITHIN_MS = 2000;

/**
 * How a process was started: by a zygote or launcher, by the manager, or by the manager within
 * bubblewrap.
 */
export type StartedBy = "maker" | "manager" | "sandbox";

/** The process of a streamlet that is starting. */
export interface StartedChild {
  readonly child: ChildProcess;
  readonly by: StartedBy;
}

/**
 * Starts the processes of each class: Node processes are spawned here, C processes by the zygote or
 * launcher of their class.
 */
export class StreamletStarter {
  private readonly environment = scrubbedEnvironment(process.env);
  /** By pool. */
  private readonly zygotes = new Map<number, Zygote>();

  constructor(
    private readonly classes: readonly ProcessClass[],
    private readonly limiter: Limiter,
    private readonly times: HostTimes,
    onNotice: (line: string) => void,
  ) {
    classes.forEach(({ name, runtime, formats, limits, isolation = openIsolation }, pool) => {
      if (runtime === "node") return;
      const command = [
        ...limiter.prefix(limits, runtime),
        ...streamletCommand(runtime, times.beatMs, formats, this.ownCap(limits), isolationArgument(isolation)),
      ];
      const kind = runtime === "zygote" ? "zygote" : "launcher";
      this.zygotes.set(pool, new Zygote(kind, command, this.environment, (line) => onNotice(`${name}: ${line}`)));
    });
  }

  /**
   * `direct`: spawn it here, without zygote or launcher. Throws faults that Node does not report
   * as events (no memory for a fork, no descriptor for a pipe).
   */
  start(pool: number, direct: boolean): StartedChild {
    const forked = direct ? undefined : this.zygotes.get(pool)?.fork();
    if (forked !== undefined) return { child: forked, by: "maker" };
    const { runtime, isolation } = this.classes[pool];
    const isSandboxed = runtime === "node" && isolation?.sandbox !== undefined;
    return { child: this.spawn(pool), by: isSandboxed ? "sandbox" : "manager" };
  }

  /** Resolves when every zygote and launcher is up, at the latest after BEGIN_WITHIN_MS. */
  async prepared(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, BEGIN_WITHIN_MS);
    });
    await Promise.race([Promise.all(Array.from(this.zygotes.values(), (zygote) => zygote.begun)), timeout]);
    clearTimeout(timer);
  }

  zygoteOf(pool: number): ZygoteView | undefined {
    return this.zygotes.get(pool)?.view();
  }

  /** Ends the zygotes; resolves when they are gone. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.zygotes.values(), (zygote) => zygote.close()));
  }

  /** The rate that a streamlet limits itself to, in bits per second; 0 = none. */
  private ownCap({ bitsPerSecond }: Limits): number {
    const own = this.limiter.enforced.network === "streamlet" && bitsPerSecond !== Number.POSITIVE_INFINITY;
    return own ? bitsPerSecond : 0;
  }

  private spawn(pool: number): ChildProcess {
    const { runtime, formats, limits, isolation = openIsolation } = this.classes[pool];
    const [file, ...rest] = [
      ...this.limiter.prefix(limits, runtime),
      ...(runtime === "node" ? nodePrefix(isolation) : []),
      ...streamletCommand(runtime, this.times.beatMs, formats, this.ownCap(limits), isolationArgument(isolation)),
    ];
    return spawn(file, rest, { stdio: ["ignore", "ignore", "pipe", "ipc"], env: this.environment });
  }
}
