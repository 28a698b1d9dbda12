/** A promise of ours is broken (exit code 70). World adds the seed, the time and the command that replays it. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Stays on in production: a wrong number that looks right costs more than the check. On a hot path write
 * `if (broken) fail(…)`, since a message with numbers in it costs 300 ns to build whether it is needed or not.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Throws an AssertionError. */
export function fail(message: string): never {
  throw new AssertionError(message);
}
