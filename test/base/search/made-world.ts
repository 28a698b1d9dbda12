import { RandomStream } from "../../../src/base/random.js";
import type { Steps } from "../../../src/base/search/bounds.js";
import type { Probe, ProbeResult } from "../../../src/base/search/lattice.js";

/** Drives a search over a world that is a function; counts the runs. */
export function drive<T>(
  search: Steps<T>,
  run: (probe: Probe) => ProbeResult,
): { readonly result: T; readonly runs: number } {
  let runs = 0;
  let asked = search.next();
  while (asked.done !== true) {
    runs += asked.value.length;
    asked = search.next(asked.value.map(run));
  }
  return { result: asked.value, runs };
}

/** A number that depends on nothing but the words: the same day for every point. */
export function drawn(...words: readonly (string | number)[]): RandomStream {
  return new RandomStream(words.join("/"));
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
