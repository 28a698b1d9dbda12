import type { RunResult } from "../../world/run-result.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { LoadReport } from "../load/load-orders.js";
import type { LineSink } from "../log/run-log.js";
import type { WriteFaults } from "../log/write-faults.js";
import type { IsolationOrder } from "../machine/isolation.js";
import type { Runtime } from "../machine/launch-command.js";
import type { Losses } from "../watch/loss-ledger.js";
import type { LogLevel } from "../watch/structured-log.js";
import type { WatchFeed } from "../watch/watch-feed.js";

export interface SessionOptions {
  readonly scenario: Scenario;
  readonly policy: PolicySpec;
  readonly runtime: Runtime;
  /** True: no generated traffic; runs until stopped, or for the duration. */
  readonly serve: boolean;
  /**
   * Whether the scenario's faults are injected: always with generated traffic, else only on
   * request.
   */
  readonly withFaults: boolean;
  readonly address: string;
  readonly port: number;
  readonly managerPort: number;
  readonly token: string | undefined;
  readonly requireLimits: boolean;
  /** Refuse to start where streamlets cannot be confined. */
  readonly requireIsolation: boolean;
  /** Node streamlets run in namespaces of their own. */
  readonly sandbox?: "bubblewrap";
  /** Streamlets run as this user (streamlet-user.ts). */
  readonly user?: NonNullable<IsolationOrder["user"]>;
  readonly upstreams: readonly string[];
  /** The speed of the run's clock relative to wall time. */
  readonly speed: number;
  readonly logFile: string;
  /** If requested: the events, as one JSON object per line. */
  readonly structured?: { readonly level: LogLevel; readonly sink: LineSink };
  /** Called with what cannot be written now. */
  readonly writes: WriteFaults;
  /** Most streamlets at once. */
  readonly room: number;
  /**
   * Folder of arrivals that outlives this run and holds those of earlier ones; none if left out.
   */
  readonly historyFolder?: string | undefined;
  /** Gets what can be watched, once the run has begun. */
  readonly onUp?: (feed: WatchFeed) => void;
}

export interface FinishedSession {
  readonly result: RunResult | undefined;
  readonly load: LoadReport | undefined;
  readonly worstLagMs: number;
  readonly losses: Losses;
  /** Wall time of t=0 (ms since 1970, UTC), and how long the run took by its own clock. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Records of the run log that were lost: the disk was full. */
  readonly unwritten: number;
}
