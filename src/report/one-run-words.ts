import { markup } from "./html.js";
import type { Block, Section } from "./page.js";

/**
 * Parts of sentences about replications. A live run has one, so these parts are removed, in this
 * order.
 */
const DROPPED = [
  ", mean of 1 replications",
  ", mean over replications",
  ", sum over replications",
  " (mean per replication)",
  ", all replications together",
  " per replication, mean",
  "; the darker, the more replications violated it",
  " Every policy gets the same arrivals.",
] as const;

/** The section as it reads for a single run. */
export function forOneRun(section: Section): Section {
  return { ...section, blocks: section.blocks.map(blockForOneRun) };
}

function blockForOneRun(block: Block): Block {
  if (block.kind === "html") return { kind: "html", html: markup(without(block.html.source)) };
  const charts = block.charts.map(({ chart, size }) => {
    const { caption, description, spec } = chart;
    const texts = {
      description: without(description),
      ...(caption === undefined ? {} : { caption: without(caption) }),
    };
    return { size, chart: { ...chart, ...texts, spec: JSON.parse(without(JSON.stringify(spec))) as typeof spec } };
  });
  return { kind: "charts", charts };
}

function without(text: string): string {
  return DROPPED.reduce<string>((left, words) => left.replaceAll(words, ""), text);
}
