import { InputError } from "../base/errors.js";
import type { UserCodeWatch } from "../world/user-policy.js";
import { lockBuiltIns } from "./built-ins.js";
import { SharedFunctions } from "./shared-functions.js";

/** The longest time that a decision may take. */
const DECISION_LIMIT_MS = 5000;
/** Loading may compile TypeScript on a busy machine. */
const LOADING_LIMIT_MS = 20_000;

/**
 * Cells per job: calls (odd while the user's code runs; each change adds one), and whether it is
 * being loaded.
 */
const CALLS = 0;
const LOADING = 1;
const CELLS = 2;

/** Memory in which a job's thread marks when the user's code runs; the main thread reads it. */
export function watchMemory(jobs: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * CELLS * Math.max(1, jobs)));
}

/** Watches what the user's modules do while they are loaded, too. */
export interface ModuleWatch extends UserCodeWatch {
  /** Runs what loads a module. */
  loading<T>(module: string, work: () => Promise<T>): Promise<T>;
}

/** A module that still runs may keep the process alive: the command must not wait for it. */
class HungModule extends InputError {
  readonly stillRuns = true;
}

type ProcessCall = "exit" | "kill" | "abort";

/**
 * The process object while the user's code runs: calls that would end the process are errors,
 * output goes to stderr (stdout is the command's own), and the exit code does not change.
 */
class GuardedProcess {
  private readonly own = new Map<ProcessCall, unknown>();
  private readonly barred = new Map<ProcessCall, unknown>();
  private readonly write = process.stdout.write;
  private exitCode = process.exitCode;

  constructor(names: readonly ProcessCall[]) {
    for (const name of names) {
      this.own.set(name, process[name]);
      this.barred.set(name, () => {
        throw new Error(`the module called process.${name}`);
      });
    }
  }

  enter(): void {
    this.exitCode = process.exitCode;
    for (const [name, call] of this.barred) Object.assign(process, { [name]: call });
    process.stdout.write = toStderr;
  }

  leave(): void {
    process.exitCode = this.exitCode;
    for (const [name, call] of this.own) Object.assign(process, { [name]: call });
    process.stdout.write = this.write;
  }
}

const toStderr = ((...given: Parameters<typeof process.stderr.write>) =>
  process.stderr.write(...given)) as typeof process.stdout.write;

/**
 * For commands that run a policy in their own thread. A call that would end the process is an
 * error, and a load that takes too long is ended. A decision that never returns cannot be stopped
 * in its own thread.
 */
export class InThreadWatch implements ModuleWatch {
  private readonly process = new GuardedProcess(["exit", "kill", "abort"]);
  private readonly functions = new SharedFunctions();

  enter(): void {
    this.process.enter();
  }

  leave(): void {
    this.process.leave();
  }

  checkShared(): void {
    this.functions.check();
  }

  dropPromise(returned: unknown): void {
    drop(returned);
  }

  async loading<T>(module: string, work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(loadingTooLong(module)), LOADING_LIMIT_MS);
    });
    lockBuiltIns();
    this.enter();
    try {
      return await Promise.race([work(), tooLong]);
    } finally {
      clearTimeout(timer);
      this.leave();
    }
  }
}

/** Not awaited: the fault is that a promise was returned, not its rejection. */
function drop(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(() => undefined);
}

function loadingTooLong(module: string): HungModule {
  return new HungModule({
    code: "HR1305",
    where: module,
    got: `a module that does not finish loading within ${LOADING_LIMIT_MS / 1000} s`,
    expected: "a module without an endless top-level await",
    remedy: "Mend the module",
  });
}

/**
 * Used in the thread that runs the job. `process.exit` ends that thread, which the watchdog
 * notices; a signal would end the whole process, so sending one is an error.
 */
export class SharedWatch implements ModuleWatch {
  private readonly process = new GuardedProcess(["kill", "abort"]);
  private readonly functions = new SharedFunctions();

  constructor(
    private readonly memory: Int32Array,
    private readonly job: number,
  ) {}

  enter(): void {
    this.process.enter();
    Atomics.add(this.memory, this.job * CELLS + CALLS, 1);
  }

  leave(): void {
    this.process.leave();
    Atomics.add(this.memory, this.job * CELLS + CALLS, 1);
  }

  checkShared(): void {
    this.functions.check();
  }

  dropPromise(returned: unknown): void {
    drop(returned);
  }

  async loading<T>(_module: string, work: () => Promise<T>): Promise<T> {
    Atomics.store(this.memory, this.job * CELLS + LOADING, 1);
    lockBuiltIns();
    this.enter();
    try {
      return await work();
    } finally {
      this.leave();
      Atomics.store(this.memory, this.job * CELLS + LOADING, 0);
    }
  }
}

/** A job whose user code does not return, and the fault to report. */
export interface HungJob {
  readonly job: number;
  readonly fault: InputError;
}

/** Used in the main thread: checks all jobs at intervals for calls that do not return. */
export class Watchdog {
  private readonly seenCalls: Int32Array;
  private readonly sinceMs: Float64Array;
  /** Jobs that were reported already: their threads are ended, and their calls never return. */
  private readonly found = new Set<number>();

  constructor(
    private readonly memory: Int32Array,
    /** The modules of a job, as messages name them. */
    private readonly modulesOf: (job: number) => string,
  ) {
    this.seenCalls = new Int32Array(memory.length / CELLS);
    this.sinceMs = new Float64Array(memory.length / CELLS);
  }

  /**
   * The first job whose user code has run for too long, each reported once; undefined if there is
   * none.
   */
  overdue(nowMs: number): HungJob | undefined {
    for (let job = 0; job < this.seenCalls.length; job++) {
      if (this.found.has(job)) continue;
      const calls = Atomics.load(this.memory, job * CELLS + CALLS);
      if (calls !== this.seenCalls[job] || calls % 2 === 0) {
        this.seenCalls[job] = calls;
        this.sinceMs[job] = nowMs;
        continue;
      }
      const isLoading = Atomics.load(this.memory, job * CELLS + LOADING) === 1;
      const limitMs = isLoading ? LOADING_LIMIT_MS : DECISION_LIMIT_MS;
      if (nowMs - this.sinceMs[job] <= limitMs) continue;
      this.found.add(job);
      return { job, fault: this.fault(job, isLoading, limitMs) };
    }
    return undefined;
  }

  /**
   * The fault of a job whose thread ended while the user's code ran, or after it had: promises and
   * timers run later. Undefined where no user code ran.
   */
  ended(job: number): InputError | undefined {
    const calls = Atomics.load(this.memory, job * CELLS + CALLS);
    if (calls === 0) return undefined;
    const isLoading = Atomics.load(this.memory, job * CELLS + LOADING) === 1;
    const when = isLoading ? "while it is loaded" : calls % 2 === 0 ? "after a decision" : "in a decision";
    return new InputError({
      code: "HR1304",
      where: this.modulesOf(job),
      got: `a module that ends its thread ${when}`,
      expected: "one that returns",
      remedy: "Remove process.exit (in promises and timers, too), or a top-level await that nothing resolves",
    });
  }

  private fault(job: number, isLoading: boolean, limitMs: number): InputError {
    if (isLoading) return loadingTooLong(this.modulesOf(job));
    return new InputError({
      code: "HR1305",
      where: this.modulesOf(job),
      got: `a decision that does not return within ${limitMs / 1000} s`,
      expected: "a decision in milliseconds",
      remedy: "Mend the module",
    });
  }
}
