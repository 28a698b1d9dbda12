import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { modulesNamed } from "../../src/cli/module-words.js";
import { Folder, quickScenario } from "./real-command.js";

const kind = (path: string): string => quickScenario({ "kind: static": `kind: ${path}` });
const folder = new Folder({
  "plain.yaml": quickScenario(),
  "policy.yaml": kind("./own/mine.ts"),
  "quoted.yaml": kind('"own/mine.mjs"'),
  "no-ending.yaml": kind("./own/mine"),
  "balancer.yaml": quickScenario({ "seed: 7": "seed: 7\nbalancer: ./own/pick.cjs" }),
  "gate/regression.yaml": "scenarios: [{file: ../plain.yaml}, {file: ../policy.yaml}]\n",
  "run.jsonl": '{"scenario":{"policies":[{"kind":"own/mine.js","spare":1}]}}\n',
  "report/result.json": '{"policies": [{"name": "mine", "kind": "./own/mine.js"}]}',
});
afterAll(() => folder.dispose());

describe("the modules that a command line names", () => {
  it.each([
    [["simulate", "plain.yaml", "--seed", "3"], []],
    [["--help"], []],
    [["simulate", "absent.yaml"], []],
    [["simulate", "policy.yaml"], ["./own/mine.ts"]],
    [["live", "quoted.yaml"], ["own/mine.mjs"]],
    [["plan", "no-ending.yaml"], ["./own/mine"]],
    [["simulate", "balancer.yaml"], ["./own/pick.cjs"]],
    [["check", "gate/regression.yaml"], ["./own/mine.ts"]],
    [["replay", "run.jsonl"], ["own/mine.js"]],
    [["watch", "report"], ["./own/mine.js"]],
  ])("of %j are %j", (words, modules) => {
    expect(modulesNamed(words.map((word) => (/\.|report/.test(word) ? join(folder.path, word) : word)))).toEqual(
      modules,
    );
  });

  it("are those of its options, too", () => {
    expect(modulesNamed(["diff", "--policy=./a.ts", "--against", "b.js"])).toEqual(["./a.ts", "b.js"]);
  });
});
