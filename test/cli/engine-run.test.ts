import { describe, expect, it } from "vitest";
import { checkEngine } from "../../src/cli/engine-run.js";

const given = { engine: undefined, redis: undefined, threads: undefined };
const redis = "redis://127.0.0.1:6379";

describe("the options of an engine", () => {
  it.each([
    ["a queue without an address", { engine: "queue" as const }, /--engine: queue without --redis/],
    ["an address for threads", { engine: "local" as const, redis }, /--redis: an address for --engine local/],
    ["threads for a queue", { redis, threads: 2 }, /--threads: threads for a queue.*headrace worker/],
  ])("refuse %s", (_, options, message) => {
    expect(() => checkEngine({ ...given, ...options })).toThrow(message);
  });

  it.each([
    {},
    { threads: 2 },
    { redis },
    { engine: "queue" as const, redis },
    { engine: "local" as const, threads: 1 },
  ])("take what goes together: %o", (options) => {
    expect(() => checkEngine({ ...given, ...options })).not.toThrow();
  });
});
