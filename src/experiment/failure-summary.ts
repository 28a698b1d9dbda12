/** Failed decisions of a user's policy, over all replications, and the first of them. */
export interface FailureSummary {
  readonly count: number;
  /** Times that the policy was asked. */
  readonly asked: number;
  /** In ms since the start of the run. */
  readonly firstAtMs: number;
  readonly message: string;
  /** file:line:column in the user's module; absent where it is not known. */
  readonly at?: string | undefined;
}
