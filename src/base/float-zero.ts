/**
 * A zero that V8 keeps as a float. A field that begins with 0 holds small integers until its first
 * fraction; then each object of the class gets another hidden class, and functions that were
 * compiled for the first one are compiled again, in each thread. It is −0: it equals 0, and sums
 * that begin with it are the same. What is shown adds 0, which makes it +0.
 */
export const FLOAT_ZERO = -0;
