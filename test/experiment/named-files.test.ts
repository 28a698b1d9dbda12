import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readScenario } from "../../src/experiment/scenario-file.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-named-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const world = {
  traffic: "traffic: {source: poisson, rate: 1/s}",
  streams: "streams: {holding: 1min}",
  fleet: "fleet: {streamlet: {slots: 4, spawn: 1s}, max: 4}",
  policies: "policies: [{kind: static, count: 4}]",
};

async function faultOf(changed: Partial<typeof world>): Promise<string> {
  const file = join(folder, "s.yaml");
  const lines = ["name: named", "duration: 1h", ...Object.values({ ...world, ...changed })];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const fault = await readScenario(file).then(
    () => "accepted",
    (error: Error) => error.message,
  );
  // Names are relative to where the tests run.
  return fault.replace(`${folder}/`, "").replace(/: \S+gone/, ": gone");
}

describe("a file that a scenario names and that cannot be opened", () => {
  it.each([
    [{ traffic: "traffic: {source: trace, file: gone.csv}" }, /^s\.yaml:3:32: traffic\.file: gone\.csv: no such file;/],
    [{ traffic: 'traffic: {source: trace, file: ""}' }, /^s\.yaml:3:32: traffic\.file: .*: a directory;/],
    [
      { traffic: "traffic: {source: workload, file: gone.json}" },
      /^s\.yaml:3:35: traffic\.file: gone\.json: no such file;/,
    ],
    [
      { streams: "streams: {holding: {kind: empirical, file: gone.txt}}" },
      /^s\.yaml:4:44: streams\.holding\.file: gone\.txt: no such file;/,
    ],
    [
      { fleet: "fleet: {streamlet: {slots: 4, spawn: {profile: gone.json}}, max: 4}" },
      /^s\.yaml:5:48: fleet\.streamlet\.spawn\.profile: gone\.json: no such file;/,
    ],
    [
      { policies: "policies: [{kind: static, count: 4}, {kind: hpa, manifest: gone.yaml}]" },
      /^s\.yaml:6:60: policies\[1\]\.manifest: gone\.yaml: no such file;/,
    ],
  ])("is refused at the place of its key: %o", async (changed, expected) => {
    expect(await faultOf(changed)).toMatch(expected);
  });
});
