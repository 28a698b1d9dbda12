// `npm run bench -- --scale`: CPU time per event as one dimension of the world grows, each point
// in a process of its own. `--share 0.2` makes the runs a fifth as long.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runExperiment } from "../../dist/experiment/experiment.js";
import { parseScenario } from "../../dist/experiment/scenario-file.js";
import { dimensions, worldsOf } from "./scale-worlds.mjs";
import { aligned, written } from "./table.mjs";

const here = fileURLToPath(import.meta.url);
/**
 * The largest ratio of costs per event along one dimension that the project accepts without a
 * reason.
 */
const MOST_RATIO = 2;
/** Costs that do not come with events, by dimension. */
const NOT_PER_EVENT = new Map([
  ["streamlets", "10 streamlets make few events a tick, and each tick decides"],
  ["pools", "each pool decides at each tick: of 500 pools, one decides per event"],
  ["policies", "a run compiles the code of its policies once"],
  ["replications", "a run of one short replication is mostly compilation"],
  ["days of history", "each run fits its forecaster to the whole history once"],
]);

/**
 * One point: {events, nsPerEvent, rssMiB}. The first run warms up the compiler and is not counted.
 */
async function point(dimension, index, share) {
  const [, document] = worldsOf(dimension, share)[index];
  const warm = { ...document, replications: 1, policies: document.policies.slice(0, 1) };
  await runExperiment(await parseScenario("scale.yaml", JSON.stringify(warm)), { threads: 0 });
  const scenario = await parseScenario("scale.yaml", JSON.stringify(document));
  const before = process.cpuUsage();
  const { stats } = await runExperiment(scenario, { threads: 0 });
  const { user, system } = process.cpuUsage(before);
  const rssMiB = process.resourceUsage().maxRSS / 1024;
  return { events: stats.events, nsPerEvent: ((user + system) * 1000) / stats.events, rssMiB };
}

function measured(dimension, share) {
  return worldsOf(dimension, share).map(([size], index) => {
    process.stderr.write(`bench: ${dimension} = ${size}\n`);
    const child = spawnSync(process.execPath, [here, dimension, `${index}`, `${share}`], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (child.status !== 0) return { dimension, size, absent: `ended with status ${child.status}` };
    return { dimension, size, ...JSON.parse(child.stdout) };
  });
}

function table(rows) {
  const head = ["dimension", "size", "ns/event", "events", "RSS"];
  return aligned([
    head,
    ...rows.map((row) =>
      row.absent === undefined
        ? [row.dimension, `${row.size}`, written(row.nsPerEvent), written(row.events), `${row.rssMiB.toFixed(0)} MiB`]
        : [row.dimension, `${row.size}`, "–", "–", row.absent],
    ),
  ]);
}

function spreads(rows) {
  return dimensions.map((dimension) => {
    const costs = rows
      .filter((row) => row.dimension === dimension && row.absent === undefined)
      .map((r) => r.nsPerEvent);
    const ratio = Math.max(...costs) / Math.min(...costs);
    const verdict = ratio <= MOST_RATIO ? "met" : "missed";
    const reason = ratio <= MOST_RATIO ? undefined : NOT_PER_EVENT.get(dimension);
    const line = `${dimension}: ${written(ratio)} × from the cheapest to the dearest (${verdict}, ≤ ${MOST_RATIO})`;
    return reason === undefined ? line : `${line}; not per event: ${reason}`;
  });
}

/** One small chart per dimension, cost over size, as SVG. */
async function drawing(rows) {
  const [{ compile }, { parse, View }] = await Promise.all([import("vega-lite"), import("vega")]);
  const chart = {
    width: 200,
    height: 140,
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "size",
        type: "quantitative",
        scale: { type: "log" },
        axis: { title: null, tickCount: 4, format: "~s" },
      },
      y: { field: "nsPerEvent", type: "quantitative", axis: { title: "CPU ns per event" } },
    },
  };
  const spec = {
    data: { values: rows.filter((row) => row.absent === undefined) },
    facet: { field: "dimension", type: "nominal", title: null, sort: dimensions },
    columns: 3,
    resolve: { scale: { x: "independent" } },
    spec: chart,
  };
  return new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
}

export async function scale(json, share) {
  const rows = dimensions.flatMap((dimension) => measured(dimension, share));
  const folder = fileURLToPath(new URL("../../reports/bench/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}scaling.svg`, await drawing(rows));
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${table(rows)}\n${spreads(rows).join("\n")}\n`);
  process.stderr.write("bench: drawn in reports/bench/scaling.svg\n");
}

if (process.argv[1] === here) {
  process.stdout.write(JSON.stringify(await point(process.argv[2], Number(process.argv[3]), Number(process.argv[4]))));
}
