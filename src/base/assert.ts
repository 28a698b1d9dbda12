/** A promise of ours is broken (exit code 70). World adds the seed, the time and the command that replays it. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Stays on in production: a wrong number that looks right costs more than the check. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
