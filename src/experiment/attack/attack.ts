import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";
import type { JobPoolOptions } from "../job-pool.js";
import { JobThreads } from "../job-threads.js";
import { packageVersion } from "../version.js";
import { type AttackBase, readAttackBase } from "./attack-base.js";
import type { AttackDocument } from "./attack-document.js";
import { sidesOf } from "./attack-sides.js";
import { type AttackWorld, plainTraffic } from "./attack-world.js";
import type { Coverage } from "./coverage.js";
import { writeFoundWorld } from "./found-files.js";
import { boundOf, type Goal, marginOf, ratioInterval } from "./goal.js";
import { type Scored, type SearchOutcome, SHOWN_REPLICATIONS, search } from "./search.js";
import { findSentence } from "./sentence.js";
import { shrink } from "./shrink.js";
import { type Trial, TrialRunner } from "./trial-runner.js";

export interface AttackRequest {
  readonly file: string;
  readonly policy: string;
  readonly against: string | undefined;
  readonly goal: Goal;
  readonly seed: number | undefined;
  /** Simulations of the search. Shrinking a find may take as many again. */
  readonly mostRuns: number;
  readonly budgetMs: number;
  /** The scenario that is written when something is found. */
  readonly out: string;
}

export interface AttackOptions {
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Takes the failures of a user's policy in one run. */
  readonly onPolicyFailed?: JobPoolOptions["onPolicyFailed"];
  /** Milliseconds of a clock that only goes forward. */
  readonly clockMs: () => number;
  readonly onProgress?: (share: number, text: string) => void;
}

/** Replications of a find on seeds that the search never used. */
const CONFIRMED_REPLICATIONS = 10;
/** Shrunk worlds to confirm on fresh seeds, the smallest first, before the original find. */
const MOST_CONFIRMATIONS = 4;
/** Shares of the budget after which the search, and then the shrinking, end. */
const SEARCH_SHARE = 0.6;
const SHRINK_SHARE = 0.9;

/**
 * Searches for a world in which the policy fails, shrinks it, confirms it on fresh seeds, and
 * writes it as a scenario that replays it. An interrupted attack writes the smallest world found
 * so far. Throws InputError if every world was refused.
 */
export async function attack(request: AttackRequest, options: AttackOptions): Promise<AttackDocument> {
  const { file, policy, against, goal, seed } = request;
  const base = await readAttackBase(file, policy, against, goal, seed);
  const folder = await mkdtemp(join(tmpdir(), "headrace-attack-"));
  const threads = await JobThreads.open(options.threads === undefined ? {} : { threads: options.threads });
  const { signal, onPolicyFailed } = options;
  const pool = {
    ...(threads === undefined ? { threads: 0 } : { open: threads }),
    ...(signal === undefined ? {} : { signal }),
    ...(onPolicyFailed === undefined ? {} : { onPolicyFailed }),
  };
  try {
    return await new Attack(request, options, base, new TrialRunner(file, folder, pool)).run();
  } finally {
    await threads?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A find so far: the worlds from the original to the smallest. */
interface Smaller {
  readonly trials: Trial[];
  readonly removed: string[];
}

class Attack {
  private readonly beganMs: number;
  private readonly seed: number;

  constructor(
    private readonly request: AttackRequest,
    private readonly options: AttackOptions,
    private readonly base: AttackBase,
    private readonly runner: TrialRunner,
  ) {
    this.beganMs = options.clockMs();
    this.seed = base.scenario.seed;
  }

  async run(): Promise<AttackDocument> {
    const { goal, mostRuns } = this.request;
    const outcome = await search(this.base.world, this.base.frame, goal, this.runner, this.seed, {
      isOver: (runs) => runs >= mostRuns || this.share() >= SEARCH_SHARE,
      onGeneration: ({ nearest, coverage }) =>
        this.progress(
          this.runner.runs / mostRuns,
          `nearest ${ratioText(goal, nearest)}, ${coverage.features} features`,
        ),
    });
    if (this.runner.worlds === 0) throw this.untried();
    if (outcome.found === undefined) return this.nothing(outcome);
    const smaller: Smaller = { trials: [outcome.found.trial], removed: [] };
    try {
      await this.makeSmaller(smaller);
      return await this.confirmed(smaller, outcome.coverage);
    } catch (error) {
      if (this.options.signal?.aborted === true) await this.write(lastOf(smaller), this.seed, SHOWN_REPLICATIONS);
      throw error;
    }
  }

  private async makeSmaller({ trials, removed }: Smaller): Promise<void> {
    const { goal, mostRuns } = this.request;
    const most = this.runner.runs + mostRuns;
    let last: Trial | undefined;
    const holds = async (world: AttackWorld): Promise<boolean> => {
      // One replication first: it shows most steps that go too far.
      for (const replications of [1, SHOWN_REPLICATIONS]) {
        const [trial] = await this.runner.trials([world], replications, this.seed);
        if (trial === undefined) return false;
        const margin = marginOf(goal, trial.figures);
        if (!margin.comparable || margin.estimate.mean <= 0) return false;
        last = margin.holds ? trial : undefined;
      }
      return last !== undefined;
    };
    const keep = (_: AttackWorld, what: string): void => {
      if (last !== undefined) trials.push(last);
      removed.push(what);
      this.progress(this.share(), `smaller: ${what}`);
    };
    const isOver = (): boolean => this.share() >= SHRINK_SHARE || this.runner.runs >= most;
    await shrink(plainTraffic(trials[0].world), holds, keep, isOver);
  }

  /**
   * Runs the shrunk worlds on fresh seeds, and writes the smallest that reaches the goal there.
   * If none does, nothing was found.
   */
  private async confirmed({ trials, removed }: Smaller, coverage: Coverage<AttackWorld>): Promise<AttackDocument> {
    const { goal } = this.request;
    const fresh = this.seed + 1;
    for (const index of confirmationOrder(trials.length)) {
      const [trial] = await this.runner.trials([trials[index].world], CONFIRMED_REPLICATIONS, fresh);
      if (trial === undefined || !marginOf(goal, trial.figures).holds) continue;
      const sentence = await this.write(trial, fresh, CONFIRMED_REPLICATIONS);
      const { ratio, low, high, n } = ratioInterval(goal, trial.figures);
      return {
        ...this.document(coverage),
        found: true,
        sentence,
        scenario: this.request.out,
        ratio: { ratio, low: finite(low), high: finite(high), n },
        sides: sidesOf(trial),
        removed: removed.slice(0, index),
      };
    }
    const why = "A world that looked like a find did not hold on other seeds.";
    return { ...this.document(coverage), sentence: `${this.none()} ${why}` };
  }

  private async write(trial: Trial, seed: number, replications: number): Promise<string> {
    const { goal, out } = this.request;
    const sentence = findSentence(goal, trial, ratioInterval(goal, trial.figures));
    const name = `attack-${trial.scenario.policies[0].name}`.slice(0, 80);
    await writeFoundWorld(out, trial, { name, seed, replications, sentence });
    return sentence;
  }

  private nothing({ nearest, coverage }: SearchOutcome): AttackDocument {
    const near = nearest === undefined ? "" : ` The nearest came to ${ratioText(this.request.goal, nearest)}.`;
    return { ...this.document(coverage), sentence: `${this.none()}${near}` };
  }

  /** Without a single run there is no answer about the policy. */
  private untried(): InputError {
    const { firstRefusal, refused } = this.runner;
    const { got: why, ...advice } = firstRefusal ?? { got: "none can be run" };
    const got = `nothing was tried, since all ${refused} worlds are refused: ${why}`;
    return new InputError({ code: "HR1715", where: this.request.file, got, ...advice });
  }

  private none(): string {
    const { goal, policy, against } = this.request;
    const than = against === undefined ? "" : ` against ${against}`;
    const bound = goal.kind === "oscillation" ? `${goal.perHour} turns an hour` : `a factor of ${goal.factor}`;
    return (
      `No world was found in which ${policy} comes to ${bound}${than} ` +
      `(${goal.kind}), in ${this.runner.worlds} worlds.`
    );
  }

  private document(coverage: Coverage<AttackWorld>): AttackDocument {
    const { goal } = this.request;
    const [policy, against] = this.base.scenario.policies.map(({ name }) => name);
    const { worlds, refused, runs } = this.runner;
    return {
      found: false,
      goal: { kind: goal.kind, bound: boundOf(goal) },
      policy,
      against: against ?? null,
      sentence: "",
      scenario: null,
      ratio: null,
      sides: [],
      removed: [],
      coverage: { worlds, refused, runs, features: coverage.features, reasons: coverage.reasonsOf(0) },
      seed: this.seed,
      version: packageVersion(),
    };
  }

  /** Share of the budget that is used. */
  private share(): number {
    return (this.options.clockMs() - this.beganMs) / this.request.budgetMs;
  }

  private progress(share: number, text: string): void {
    this.options.onProgress?.(Math.min(1, Math.max(share, this.share())), text);
  }
}

/** The smallest first, then halfway back towards the original find. */
function confirmationOrder(length: number): number[] {
  const order: number[] = [];
  for (let index = length - 1; order.length < MOST_CONFIRMATIONS - 1 && index > 0; index = Math.floor(index / 2))
    order.push(index);
  return [...order, 0];
}

function lastOf({ trials }: Smaller): Trial {
  return trials[trials.length - 1];
}

function ratioText(goal: Goal, nearest: Scored | undefined): string {
  if (nearest === undefined) return "nothing yet";
  const ratio = Math.exp(nearest.margin.estimate.mean) * boundOf(goal);
  return `${Number(ratio.toPrecision(3))} of ${boundOf(goal)}`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
