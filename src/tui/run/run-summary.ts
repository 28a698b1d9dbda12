import { Figure } from "../../world/watch/sample.js";
import { ALL_POOLS, figureOf, type RunHistory } from "../history/run-history.js";
import type { WatchSource } from "../source/watch-source.js";
import { budgetsAt } from "../views/budget.js";
import { firstDivergence } from "../views/divergence.js";
import { clock, counted } from "../views/words.js";

/** A summary in sentences, which stays on the main screen. */
export function runSummary({ sides, failures }: Pick<WatchSource, "sides" | "failures">): readonly string[] {
  const parted = firstDivergence(sides);
  const lines = [...failures, ...sides.map(sentence)];
  if (parted === undefined) return lines;
  const { facts } = sides[0];
  const [a, b] = parted.desired;
  const when = clock(parted.atMs, facts.epochMs, facts.durationMs);
  return [
    ...lines,
    `They first decided differently at ${when}, for ${parted.subject}: ` +
      `${sides[0].facts.policy} wanted ${a}, ${sides[1].facts.policy} ${b}.`,
  ];
}

function sentence(side: RunHistory): string {
  const { facts, frontierMs } = side;
  const sample = side.at(frontierMs);
  const of = (figure: Figure): number => figureOf(sample, figure, ALL_POOLS);
  const until = clock(frontierMs, facts.epochMs, facts.durationMs);
  const seen = frontierMs >= facts.durationMs ? "to its end" : `until ${until}`;
  const lost = of(Figure.rejected) + of(Figure.abandoned);
  const cut = of(Figure.interrupted);
  const parts = [
    `${facts.scenario}, ${facts.policy}, seed ${facts.seed}, seen ${seen}:`,
    `${counted(of(Figure.arrivals), "request")} arrived, ${counted(lost, "request")} found no slot,`,
    `${counted(cut, "stream")} ${cut === 1 ? "was" : "were"} cut, ${counted(of(Figure.failures), "streamlet")} failed.`,
  ];
  if (facts.slo === undefined) return parts.join(" ");
  const [{ text }] = budgetsAt(side, frontierMs);
  return [...parts, `Violating minutes: ${text}.`].join(" ");
}
