import type { CheckDocument, CheckRow } from "../../experiment/check/check-document.js";
import { divergenceLines, rowCells, seesSentence, verdictWords } from "./check-text.js";

/**
 * A check as JUnit XML: a suite per scenario, a case per policy and metric; a row that fails the
 * gate is a failure.
 */
export function checkJunit(document: CheckDocument): string {
  const scenarios = [...new Set(document.rows.map((row) => row.scenario))];
  const suites = scenarios.map((scenario) => suite(document, scenario));
  const failures = document.rows.filter(fails).length + document.sloFailures.length;
  const tests = document.rows.length + document.sloFailures.length;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="headrace check" tests="${tests}" failures="${failures}">
${suites.join("\n")}
</testsuites>
`;
}

/**
 * Regressed, improved (until accepted) and cannot tell fail; drift since a release fails only if
 * worse.
 */
export function fails({ verdict, against }: CheckRow): boolean {
  if (against === "release") return verdict === "regressed";
  return verdict === "regressed" || verdict === "improved" || verdict === "cannot-tell";
}

function suite(document: CheckDocument, scenario: string): string {
  const rows = document.rows.filter((row) => row.scenario === scenario);
  const slo = document.sloFailures.filter((failure) => failure.scenario === scenario);
  const cases = [
    ...rows.map((row) => testCase(document, row)),
    ...slo.map(
      ({ policy, text }) =>
        `    <testcase classname="${xml(scenario)}" name="${xml(`${policy}: SLO`)}">\n ` +
        `     <failure message="${xml(text)}" type="slo"/>\n    </testcase>`,
    ),
  ];
  const failures = rows.filter(fails).length + slo.length;
  return `  <testsuite name="${xml(scenario)}" tests="${cases.length}" failures="${failures}">
${cases.join("\n")}
  </testsuite>`;
}

function testCase(document: CheckDocument, row: CheckRow): string {
  const [, policy, metric, before, now, change, tolerance] = rowCells(row);
  const head = `    <testcase classname="${xml(row.scenario)}" name="${xml(`${policy}: ${metric}`)}"`;
  if (!fails(row)) return `${head}/>`;
  const message = `${verdictWords[row.verdict]}: ${before} → ${now} (change ${change}, tolerance ${tolerance})`;
  const found = document.firstDivergence;
  const why =
    found !== null && found.scenario === row.scenario && found.policy === row.policy ? divergenceLines(found) : [];
  const text = [...why, seesSentence(document)].join("\n");
  return `${head}>
      <failure message="${xml(message)}" type="${row.verdict}">${xml(text)}</failure>
    </testcase>`;
}

/** XML 1.0 has no control characters but tab and line ends. */
function xml(text: string): string {
  return [...text]
    .filter((character) => character >= " " || character === "\n" || character === "\t")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
