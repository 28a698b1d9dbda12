import { InputError } from "../base/errors.js";

/** A package that only some users install. */
export interface OptionalPackage {
  /** The name in npm. */
  readonly name: string;
  /** The option or command that needs it. */
  readonly neededBy: string;
  /** The command that installs it, and what to do without it. */
  readonly remedy: string;
}

/** A queue of runs on Redis: 17 MB that only sweeps over a queue need. */
export const QUEUE_PACKAGE: OptionalPackage = {
  name: "bullmq",
  neededBy: "a queue on Redis",
  remedy: "npm install bullmq@6 ioredis@5",
};

/**
 * Loads code that needs an optional package. If it is missing, throws an InputError with the
 * command to install it.
 */
export async function withPackage<T>(wanted: OptionalPackage, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message = "" } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !/package '(bullmq|ioredis|date-holidays)'/.test(message)) throw error;
    throw new InputError({
      code: "HR1803",
      where: wanted.neededBy,
      got: `no package ${wanted.name}, which is optional`,
      expected: "it beside headrace",
      remedy: wanted.remedy,
    });
  }
}
