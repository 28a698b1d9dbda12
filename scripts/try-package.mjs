// `npm run try-package`: packs, installs the tarball into an empty JavaScript and an empty
// TypeScript project, runs the library's examples there, builds the C streamlet and serves with
// it, and checks the sizes. Needs the package registry.
import { cpSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { emptyProject, install, pack, root, run } from "./packed.mjs";

const MOST_PACKED_BYTES = 3_000_000;
const MOST_INSTALLED_KIB = 80 * 1024;

const tarball = pack();
const packed = statSync(tarball).size;
const faults = [];
const say = (text) => process.stdout.write(`${text}\n`);
say(`packed: ${(packed / 1e6).toFixed(2)} MB`);
if (packed > MOST_PACKED_BYTES) faults.push(`the tarball has more than ${MOST_PACKED_BYTES} bytes`);

const javascript = emptyProject();
install(javascript, tarball);
const installed = Number(run("du", ["-sk", "node_modules"], { cwd: javascript }).split("\t")[0]);
say(`installed: ${(installed / 1024).toFixed(1)} MiB`);
if (installed > MOST_INSTALLED_KIB) faults.push(`node_modules has more than ${MOST_INSTALLED_KIB} KiB`);
cpSync(join(root, "docs/examples/library/compare-policies.mjs"), join(javascript, "compare-policies.mjs"));
say(run("node", ["compare-policies.mjs"], { cwd: javascript }).trim());

const bin = join(javascript, "node_modules/.bin/headrace");
run(bin, ["doctor", "--build-native", "--quiet"], { cwd: javascript });
const live = join(javascript, "live.yaml");
writeFileSync(
  live,
  "name: live\nduration: 3s\ntraffic: {source: poisson, rate: 3/s, mix: [{format: mpegts, share: 1}]}\n" +
    "streams: {holding: 1s, patience: 5s}\nfleet: {streamlet: {slots: 4, formats: " +
    "[mpegts], spawn: 25ms}, max: 4}\npolicies: [{kind: on-demand, min: 1}]\n",
);
run(bin, ["live", live, "--runtime", "native", "--quiet", "--out", join(javascript, "live")], { cwd: javascript });
say("the C streamlet was built and served");

const typescript = emptyProject({ devDependencies: {} });
install(typescript, tarball, "typescript@5", "@types/node@20");
cpSync(join(root, "docs/examples/library/size-a-fleet.ts"), join(typescript, "size-a-fleet.ts"));
const compilerOptions = { strict: true, module: "nodenext", target: "es2022", outDir: "out", types: ["node"] };
writeFileSync(join(typescript, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["size-a-fleet.ts"] }));
run("npx", ["tsc", "-p", "."], { cwd: typescript });
const shipped = join(typescript, "node_modules/headrace");
const answer = run(
  "node",
  ["out/size-a-fleet.js", `${shipped}/scenarios/plan-evening.yaml`, `${shipped}/traces/two-weeks.csv`],
  {
    cwd: typescript,
  },
);
say(answer.trim().split("\n").slice(-2).join("\n"));

for (const folder of [javascript, typescript, dirname(tarball)]) rmSync(folder, { recursive: true, force: true });
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
