/** Ends of a run as Stryker's `TestRunner` reports them. */
export interface DirectRun {
  readonly status: string;
  readonly tests?: readonly { readonly id: string; readonly name: string; readonly status: number }[];
  readonly mutantCoverage?: { readonly static: object; readonly perTest: object };
  readonly killedBy?: readonly string[];
  readonly nrOfTests?: number;
}

export interface MutantOrder {
  readonly activeMutant: { readonly id: string };
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
  readonly mutantActivation?: "static" | "runtime";
}

export class DirectRunner {
  /** The test files, without patterns. */
  constructor(files: readonly string[]);
  init(): Promise<void>;
  dryRun(): Promise<DirectRun>;
  mutantRun(order: MutantOrder): Promise<DirectRun>;
}
