import { expect, it } from "vitest";
import { plainLines } from "../../src/tui/run/plain-lines.js";
import { runSummary } from "../../src/tui/run/run-summary.js";
import { simulatedRun } from "../../src/tui/source/simulated-run.js";
import { SteppedSource } from "../../src/tui/source/stepped-source.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { policySpec } from "../world/ordinary-scenario.js";
import { smallWorld } from "./small-world.js";

function source(): SteppedSource {
  const [first, second] = smallWorld.policies;
  const makers = new Map([[second.name, () => simulatedRun(smallWorld, second, noUserModules)]]);
  return new SteppedSource("simulation", simulatedRun(smallWorld, first, noUserModules), makers);
}

it("a run without a terminal is 24 lines and a summary, in plain characters", async () => {
  const lines: string[] = [];
  const watched = source();
  expect(await plainLines(watched, new AbortController().signal, (line) => lines.push(line))).toBe("quit");
  expect(lines).toHaveLength(24);
  expect(lines[11]).toMatch(
    /^03:00:00 {2}open \d+ {2}waiting \d+ {2}ready \d+ {2}spawning \d+ {2}draining \d+ {2}start latency p99 [\d.]+ m?s {2}lost \d+ {2}violating minutes \d+$/,
  );
  expect(runSummary(watched)).toEqual([
    expect.stringMatching(
      /^small, hpa, seed 5, seen to its end: [\d,]+ requests arrived, .*Violating minutes: \d+ so far\.$/,
    ),
  ]);
});

it("a policy that fails is named first in the summary", async () => {
  const boom = (): never => {
    throw new Error("boom");
  };
  const policy = policySpec("./mine.mjs", {}, { module: "/mine.mjs", name: "mine", tickMs: 60_000 });
  const modules = { ...noUserModules, policies: new Map([["/mine.mjs", () => ({ decide: boom })]]) };
  const watched = new SteppedSource("simulation", simulatedRun(smallWorld, policy, modules));
  expect(watched.failures).toEqual([]);
  watched.advance(smallWorld.durationMs, Number.POSITIVE_INFINITY);
  const [failed, sentence] = runSummary(watched);
  expect(failed).toMatch(/^mine FAILED at each of [\d,]+ decisions, .*: boom/);
  expect(sentence).toMatch(/^small, mine, seed 5/);
});

it("two runs side by side show where they first decided differently", async () => {
  const watched = source();
  watched.setBeside("square-root");
  const lines: string[] = [];
  await plainLines(watched, new AbortController().signal, (line) => lines.push(line));
  expect(lines).toHaveLength(48);
  expect(runSummary(watched)[2]).toMatch(
    /^They first decided differently at 00:\d\d:\d\d, for default: hpa wanted \d+, square-root \d+\.$/,
  );
});

it("a signal ends it at once", async () => {
  const ended = AbortSignal.abort();
  expect(await plainLines(source(), ended, () => undefined)).toBe("interrupted");
});
