import type { Law } from "../../base/distribution.js";

/** One line of a report's table of facts: subject and text. */
export type Fact = readonly [label: string, text: string];

/**
 * How a report writes quantities. The caller passes it in, since the core may not import reports.
 */
export interface FactWords {
  readonly duration: (ms: number) => string;
  readonly number: (value: number) => string;
  readonly bytes: (bytes: number) => string;
}

/** Keys and indexes from the root of a scenario's document; "*" matches any one. */
export type KeyPath = readonly (string | number)[];

/**
 * A key that has an effect only together with another one. If it has none, the scenario is
 * refused: no key is accepted and ignored. `World` is the input of the rule.
 */
export interface KeyRule<World> {
  readonly path: KeyPath;
  /** Whether the key changes anything; `at` is its path in this document, without "*". */
  readonly acts: (world: World, at: KeyPath, document: unknown) => boolean;
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

/**
 * One section of a scenario, declared once: its schema, the value of a scenario without it, its
 * lines in the facts, and the keys that act only beside others. `Spec` is its normalised form,
 * `World` the part of a scenario that its facts and rules read.
 */
export interface Section<Spec, World> {
  /** What a scenario that leaves the section out has. */
  readonly off: Spec;
  /**
   * For a section that is undefined when left out: the values of an empty one. The hash drops
   * each value that equals them.
   */
  readonly empty?: NonNullable<Spec>;
  readonly facts: (world: World, words: FactWords) => readonly Fact[];
  readonly rules: readonly KeyRule<World>[];
}

/** The value at a path of a document; undefined if there is none. */
export function writtenAt(document: unknown, path: KeyPath): unknown {
  let value = document;
  for (const step of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** A law in words. */
export function lawInWords(law: Law, format: (value: number) => string, words: FactWords): string {
  switch (law.kind) {
    case "constant":
      return `constant ${format(law.value)}`;
    case "exponential":
      return `exponential, mean ${format(law.mean)}`;
    case "lognormal": {
      const mean = Math.exp(law.mu + (law.sigma * law.sigma) / 2);
      return `lognormal, median ${format(Math.exp(law.mu))}, mean ${format(mean)}`;
    }
    case "pareto":
      return `Pareto, at least ${format(law.scale)}, shape ${words.number(law.shape)}`;
    case "empirical": {
      const median = law.sorted[Math.floor(law.sorted.length / 2)];
      return `empirical, ${words.number(law.sorted.length)} values, median ${format(median)}`;
    }
  }
}
