/**
 * Headrace broke its own rule (exit code 70). World adds the seed, the time and the replay command.
 */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Also checks in production: a wrong number that looks right costs more than the check. On a hot
 * path write `if (broken) fail(…)`: building a message with numbers costs 300 ns even if nothing is
 * broken.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Throws an AssertionError. */
export function fail(message: string): never {
  throw new AssertionError(message);
}
