import { shortSloText } from "../../experiment/slo-verdict.js";
import { comparisonGroups } from "../comparison-table.js";
import { type TextTable, textTableHtml } from "../frontier-tables.js";
import { formatEstimate, metricFacts, unitName } from "../numbers.js";
import { type Page, renderPage } from "../page.js";
import { block, definitions, full, optional } from "../page-blocks.js";
import { costAndService } from "../verdict.js";
import { type NamedResult, type Side, type SideBySide, sideBySide } from "./side-by-side.js";
import { sideBySideChart } from "./side-by-side-chart.js";

/** The page of several results: summary, cost against service, every metric. */
export function sideBySidePage(results: readonly NamedResult[], version: string): Promise<string> {
  const found = sideBySide(results);
  const page: Page = {
    title: `${results.length} ${results.length === 1 ? "result" : "results"} side by side`,
    lead: results.map(({ name }) => name).join(" · "),
    answer: { tone: "even", sentence: found.sentence, proof: sloTexts(found), caveats: found.caveats },
    pictures: pictures(results, found.sides),
    policies: found.sides.map(({ label }) => label),
    sections: [
      {
        id: "metrics",
        title: "Evidence: every metric",
        blocks: [block(textTableHtml(metricTable(results, found.sides)))],
      },
      { id: "origin", title: "Validation: where they come from", blocks: [block(definitions(results.map(originOf)))] },
    ],
    footer: `headrace ${version}`,
  };
  return renderPage(page);
}

function sloTexts({ sides }: SideBySide): string[] {
  return sides.flatMap(({ label, slo }) => (slo === undefined ? [] : [`${label}: SLO ${shortSloText(slo)}`]));
}

function pictures(results: readonly NamedResult[], sides: readonly Side[]) {
  const { cost, service } = costAndService(results[0].document);
  const oneCurrency = new Set(sides.map(({ currency }) => currency)).size === 1;
  if (cost === undefined || service === undefined || !(oneCurrency || cost !== "cost")) return [];
  return optional(sideBySideChart(sides, cost, service)).map(full);
}

/** A row per metric that any side has, a column per side. */
export function metricTable(results: readonly NamedResult[], sides: readonly Side[]): TextTable {
  const metrics = [
    ...new Set(
      results.flatMap(({ document }) =>
        comparisonGroups(document).flatMap((group) => group.rows.map(({ metric }) => metric)),
      ),
    ),
  ];
  return {
    title: "Metrics, mean ± half width of the 95 % interval",
    head: ["metric", ...sides.map(({ label }) => label)],
    rows: metrics.map((metric) => {
      const facts = metricFacts(metric);
      const unit = unitName(facts, sides[0].currency);
      const cells = sides.map((side) => {
        const estimate = side.metrics[metric];
        if (estimate === undefined) return "–";
        const text = formatEstimate(estimate, facts);
        return facts.unit === "currency" && side.currency !== undefined ? `${text} ${side.currency}` : text;
      });
      const isPlain = unit === "" || facts.unit === "currency";
      return [isPlain ? facts.label : `${facts.label} (${unit})`, ...cells];
    }),
  };
}

function originOf({ name, document }: NamedResult): [string, string] {
  const { scenario, seed, version, replications } = document;
  const runs = `${replications} ${replications === 1 ? "replication" : "replications"}`;
  return [name, `${scenario.name}, scenario hash ${scenario.hash}, seed ${seed}, ${runs}, headrace ${version}`];
}
