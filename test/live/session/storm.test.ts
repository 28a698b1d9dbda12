import { describe, expect, it } from "vitest";
import { runtimes } from "../live-bench.js";
import { storm } from "./storm-bench.js";

/** HEADRACE_STORM_SECONDS=300 for the long one; in CI it is short. */
const SECONDS = Number(process.env.HEADRACE_STORM_SECONDS ?? 6);

describe("a storm of SIGKILL and SIGSTOP on streamlets, their makers and managers, under load", () => {
  it.concurrent.each(runtimes())(
    "loses no request, no slot, and leaves nothing (%s)",
    async (runtime) => {
      const { said, ...figures } = await storm(runtime, SECONDS, 1);
      console.log(JSON.stringify(figures));
      expect(figures.requests, said).toBe(figures.ends);
      expect(figures.carriedAfterwards).toBe(figures.slots);
      expect(figures.exitCode, said).toBe(0);
      expect(figures.replays).toBe(true);
      expect(figures.left).toEqual({ processes: [], files: [], groups: [] });
      expect(figures.streams.whole).toBeGreaterThan(0);
    },
    (SECONDS + 120) * 1000,
  );
});
