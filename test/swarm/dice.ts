import { RandomStream } from "../../src/base/random.js";

/** Choices by a named stream: the same seed makes the same choices. */
export class Dice {
  private readonly random: RandomStream;

  constructor(name: string) {
    this.random = new RandomStream(name);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + this.random.integerBelow(high - low + 1);
  }

  /** A number from `low` to `high` with three digits, small ones as likely as large ones. */
  number(low: number, high: number): number {
    const value = low * Math.exp(this.random.uniform() * Math.log(high / low));
    return Number(value.toPrecision(3));
  }

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.random.integerBelow(choices.length)];
  }

  /** The entry under `key`, or nothing. */
  maybe<T>(probability: number, key: string, make: () => T): Record<string, T> {
    return this.chance(probability) ? { [key]: make() } : {};
  }
}
