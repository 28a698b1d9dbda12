import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attackDocumentSchema } from "../../src/experiment/attack/attack-document.js";
import { Folder, quickScenario, run } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
let folder: Folder;
beforeAll(() => {
  const slo = "    slo: {startLatencyP99: 200ms}\n".trimStart();
  folder = new Folder({ "s.yaml": `${quickScenario({ "rate: 1/s": "rate: 5/s" })}${slo}` });
});
afterAll(() => folder.dispose());

describe("headrace attack", () => {
  it.each([
    [["--goal", "loss"], /--goal: loss without --against; expected a baseline to lose to/],
    [["--per-hour", "3"], /--per-hour: it with --goal slo; expected --goal oscillation/],
    [["--goal", "oscillation", "--factor", "2"], /--factor with --goal oscillation; expected --per-hour/],
    [["--factor", "0.5"], /--factor: 0.5; expected a number of at least 1/],
    [["--budget", "5"], /--budget: "5"; expected a duration/],
    [["--out", "found.txt"], /--out: found.txt; expected a file that ends in .yaml/],
    [["--against", "statik"], /unknown policy "statik"|statik/],
  ])("refuses %j with 2 and writes nothing", async (options, message) => {
    const { code, stdout, stderr } = await warm.run(
      ["attack", "s.yaml", "--policy", "static", ...options],
      folder.path,
    );
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, ""]);
    expect(folder.list()).toEqual(["s.yaml"]);
  });

  it("prints one document, writes the world and exits with 1 where it finds one", async () => {
    const args = ["attack", "s.yaml", "--policy", "static", "--runs", "40", "--json", "--out", "found.yaml"];
    const { code, stdout } = await run([...args, "--threads", "1"], folder.path);
    const document = attackDocumentSchema.parse(JSON.parse(stdout));
    expect([code, document.found, document.scenario]).toEqual([1, true, "found.yaml"]);
    expect((await warm.run(["scenario", "check", "found.yaml"], folder.path)).code).toBe(0);
  });
});
