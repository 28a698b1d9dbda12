// The certificate of `headrace plan` on 1,000 random loss systems: does it always hold, and how
// many slots more than exact Erlang B does it need? `npx tsx test/bench/plan-certificates.ts`
import { erlangB, erlangBServers } from "../../src/base/queueing.js";
import { RandomStream } from "../../src/base/random.js";
import { size } from "../../src/experiment/plan/size.js";
import { parseScenario } from "../../src/experiment/scenario-file.js";

const SYSTEMS = 1000;
const text = `name: certificate
duration: 40min
warmup: 30min
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 1min}}
fleet: {streamlet: {slots: 1, spawn: 0s}, max: 100000}
gateway: {waitingRoom: 0}
policies: [{kind: static, count: 1}]
slo: {rejectedRatio: 0.01}
cost: {streamletHour: 1}
`;

const base = await parseScenario("certificate.yaml", text);
const random = new RandomStream("certificates");
const groups = ["2 to 20", "20 to 200", "200 to 1,000", "1,000 to 5,000"];
const excess = new Map<string, number[]>(groups.map((group) => [group, []]));
let broken = 0;
for (let i = 0; i < SYSTEMS; i++) {
  const load = Math.exp(Math.log(2) + random.uniform() * Math.log(2500));
  const target = Math.exp(Math.log(0.0001) + random.uniform() * Math.log(1000));
  const rate = load / 60;
  const values = [
    { path: "traffic.rate", value: `${rate}/s` },
    { path: "slo.rejectedRatio", value: target },
    { path: "streams.holding", value: i % 2 === 0 ? "1min" : { kind: "exponential", mean: "1min" } },
  ];
  const sized = size(await parseScenario("certificate.yaml", text, { values })).pools[0].needed;
  if (sized.certified === null) throw new Error("a loss system must be certified");
  // The certificate states that this many slots reject at most the target.
  if (erlangB(sized.certified, load) > target) broken++;
  const group = groups[[20, 200, 1000].filter((bound) => load >= bound).length];
  const list = excess.get(group) ?? [];
  list.push(sized.certified / erlangBServers(load, target) - 1);
  excess.set(group, list);
}
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
process.stdout.write(`${SYSTEMS} systems (scenario ${base.hash}): the certificate failed on ${broken}\n\n`);
process.stdout.write("| load (erlangs) | systems | mean excess over Erlang B | largest |\n|---|---|---|---|\n");
for (const [group, list] of excess)
  process.stdout.write(
    `| ${group} | ${list.length} | ${percent(list.reduce((sum, one) => sum + one, 0) / list.length)} ` +
      `| ${percent(Math.max(...list))} |\n`,
  );
