import { explanations, SUBJECTS } from "../experiment/explanations/explanations.js";
import { scenarioKeys } from "../experiment/explanations/scenario-keys.js";
import type { Command } from "./options/command.js";
import { kebabCase, type OptionShape } from "./options/option.js";

const WRITTEN = "`npm run schema` writes this page; a test fails when it is stale.";

/**
 * The text of docs/reference-commands.md: every command with its arguments, options and examples.
 */
export function commandsPage(commands: readonly Command[]): string {
  const parts = commands.flatMap((command) => commandParts(command, ""));
  return ["# Commands", "", `The output of \`--help\`, on one page. ${WRITTEN}`, "", EXIT_CODES, ...parts].join("\n");
}

const NO =
  "the answer is no: `--assert-slo`, a failed validation, a regression, no feasible plan, a world that an attack found";
const EXIT_CODES = `| exit code | |
| --- | --- |
| 0 | fine (also when an SLO was missed, unless \`--assert-slo\`) |
| 1 | ${NO} |
| 2 | bad input: one message per fault, nothing written |
| 70 | a bug of ours: please report it with the scenario |
| 130 | interrupted: nothing half-written |
`;

function commandParts(command: Command, before: string): string[] {
  const name = `${before}${command.command.split(" ")[0]}`;
  const head = [`## headrace ${before}${command.command}`.replaceAll("<", "\\<"), "", `${command.describe}.`, ""];
  const inner = command.subcommands.flatMap((one) => commandParts(one, `${name} `));
  if (command.command.includes("<action>")) return [...head, ...inner];
  const examples = command.examples.map(([line, what]) => `headrace ${line}   # ${what}`);
  return [
    ...head,
    ...table(command.positionals, (key) => key),
    ...table(command.options, (key) => `--${kebabCase(key)}`),
    "```text",
    ...examples,
    "```",
    "",
    ...inner,
  ];
}

function table(shape: OptionShape, nameOf: (key: string) => string): string[] {
  const rows = Object.entries(shape).map(([key, { help, isList }]) => {
    const marks = [...(help.demandOption === true ? ["required"] : []), ...(isList ? ["list"] : [])];
    const standard = help.defaultDescription === undefined ? "" : ` Default: ${help.defaultDescription}.`;
    const mark = marks.length === 0 ? "" : ` (${marks.join(", ")})`;
    return `| \`${nameOf(key)}\`${mark} | ${cell(`${help.describe ?? ""}.${standard}`)} |`;
  });
  return rows.length === 0 ? [] : ["| | |", "| --- | --- |", ...rows, ""];
}

/** The text of docs/reference-scenario.md: every key of a scenario with its sentence. */
export function scenarioPage(): string {
  const sections = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { path, meaning } of scenarioKeys()) {
    const [top] = path.split(".");
    const row = `| \`${path}\` | ${cell(meaning)} |`;
    // A law has the same keys at each place.
    if (seen.has(row) || LAW_KEYS.test(path)) continue;
    seen.add(row);
    sections.set(top, [...(sections.get(top) ?? []), row]);
  }
  const parts = Array.from(sections, ([top, rows]) => [`## ${top}`, "", "| key | |", "| --- | --- |", ...rows, ""]);
  return ["# Keys of a scenario", "", `${SCENARIO_INTRODUCTION} ${WRITTEN}`, "", LAWS, ...parts.flat()].join("\n");
}

/** Keys of a law, and of what a hybrid's reactive part repeats. */
const LAW_KEYS = new RegExp(
  [
    /\.(?:holding|patience|cpu|memory|bitrate|spawn|warmStart|hostRepair|idleTimeout)\.(?!profile|contention)/,
    /^policies\.reactive\./,
    /^fleet\.regions\.hosts\.policy\.(?!kind|tick)/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

const SCENARIO_INTRODUCTION =
  "Quantities carry units: `250ms`, `10 min`, `96MiB`, `4Mbps`, `12/s`; some keys also take `infinite` or `never`. " +
  "A dot separates levels; entries of lists have no numbers. The knobs of all policies are listed under `policies`: " +
  "[policies.md](policies.md) describes the policies.";

const LOGNORMAL = "`{kind: lognormal, mean: 10min, cv: 1.5}` or `{kind: lognormal, median: 25s, p99: 60s}`";
const LAWS = `Where a key takes a law of values, it takes one of these, or the value alone:

| law | |
| --- | --- |
| \`{kind: constant, value: 1s}\` | always the same |
| \`{kind: exponential, mean: 1s}\` | memoryless |
| ${LOGNORMAL} | skewed, as most durations are |
| \`{kind: pareto, mean: 10min, shape: 2.5}\` | a heavy tail |
| \`{kind: empirical, file: values.txt}\` or \`{kind: empirical, values: [9min, 14min]}\` | as measured |
`;

/**
 * The text of docs/reference-terms.md: metrics, verdicts, reasons and words, as \`headrace
 * explain\` has them.
 */
export function termsPage(): string {
  const all = explanations();
  const parts = SUBJECTS.filter((subject) => subject !== "key" && subject !== "error").flatMap((subject) => [
    `## ${subject[0].toUpperCase()}${subject.slice(1)}`,
    "",
    "| | |",
    "| --- | --- |",
    ...all.filter((one) => one.subject === subject).map(({ term, meaning }) => `| ${cell(term)} | ${cell(meaning)} |`),
    "",
  ]);
  const links = "Keys are in [reference-scenario.md](reference-scenario.md), errors in [errors.md](errors.md).";
  return ["# Terms", "", `The terms of \`headrace explain TERM\`. ${links} ${WRITTEN}`, "", ...parts].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<").replaceAll("*", "\\*").replace(/\.\.$/, ".");
}
