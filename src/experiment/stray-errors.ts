import { InputError } from "../base/errors.js";
import { placeOfThrown, textOfThrown } from "../control/policy-failure.js";
import type { UserCodeWatch } from "../world/user-policy.js";

const EVENTS = ["unhandledRejection", "uncaughtException"] as const;

/**
 * Errors that the user's modules cause outside their calls: an unhandled rejection, a throw in a
 * timer. Node would end the thread after the run, when its fault is no longer reported.
 */
export class StrayErrors {
  private first: { readonly thrown: unknown } | undefined;
  private readonly keep = (thrown: unknown): void => {
    this.first ??= { thrown };
  };

  constructor(private readonly modules: readonly string[]) {
    for (const event of EVENTS) process.on(event, this.keep);
  }

  /**
   * Lets pending promises and due timers of the modules run. `watch` covers this time, so that an
   * endless chain of promises is detected. Throws InputError for the first error.
   */
  async settle(watch: UserCodeWatch): Promise<void> {
    watch.enter();
    // First due timers, then the promises that they resolved.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    watch.leave();
    if (this.first === undefined) return;
    const { thrown } = this.first;
    const places = this.modules.map((module) => placeOfThrown(thrown, module));
    throw new InputError({
      code: "HR1308",
      where: places.find((place) => place !== undefined) ?? this.modules.join(" or "),
      got: `a module that leaves an error behind which nothing catches (${textOfThrown(thrown)})`,
      expected: "a decision that is made at once, without promises and timers",
      remedy: "Remove them, or catch their errors",
    });
  }

  dispose(): void {
    for (const event of EVENTS) process.off(event, this.keep);
  }
}
