import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { Job } from "kubernetes-models/batch/v1";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readBaseline } from "../../src/experiment/check/baseline-file.js";
import { readSubjects } from "../../src/experiment/check/gate-run.js";
import { readRegression } from "../../src/experiment/check/regression-file.js";
import { Folder, quickScenario, root, run } from "./real-command.js";

const shell = promisify(execFile);
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const sweep = "scenario: s.yaml\ndesign: grid\naxes: {policies.static.count: {from: 6, to: 15, step: 1}}\nseeds: 2\n";

let folder: Folder;
beforeEach(() => {
  folder = new Folder({ "s.yaml": quickScenario(), "sweep.yaml": sweep });
  mkdirSync(join(folder.path, "bin"));
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(root, "bin/headrace.js")}' "$@"\n`;
  writeFileSync(join(folder.path, "bin/headrace"), shim, { mode: 0o755 });
});
afterEach(() => folder.dispose());

const inFolder = (environment: Readonly<Record<string, string>>) => ({
  cwd: folder.path,
  env: { ...process.env, PATH: `${join(folder.path, "bin")}:${process.env.PATH}`, ...environment },
});

describe("the GitHub action", () => {
  const action = parse(read("action.yml"));

  it("is valid by GitHub's schema, and so is the workflow in the docs that uses it", () => {
    expect(validateAction(read("action.yml")).errors).toEqual([]);
    expect(validateAction(read("action.yml").replace("using: composite", "using: compost")).errors).not.toEqual([]);
    const [, workflow] = /```yaml\n(# \.github\/workflows[\s\S]*?)```/.exec(read("docs/regression.md")) ?? [];
    expect(validateWorkflow(workflow).errors).toEqual([]);
    const step = parse(workflow).jobs.scaling.steps.at(-1);
    for (const input of Object.keys(step.with)) expect(Object.keys(action.inputs)).toContain(input);
  });

  it("fails on a regression, annotates it, and writes the verdict and the summary", { timeout: 60_000 }, async () => {
    const gate = "scenarios: [{file: s.yaml, replications: 10}]\nmetrics: {streamletHours: 1%}\nbaseline: b.json\n";
    folder.write("regression.yaml", gate);
    expect((await run(["check", "--update", "--reason", "x"], folder.path)).code).toBe(0);
    folder.write("s.yaml", `${quickScenario({ "count: 10": "count: 12" })}`);
    const { run: script } = action.runs.steps.find(({ id }: { id?: string }) => id === "check");
    const environment = { GATE: "regression.yaml", THREADS: "1", GITHUB_ACTION_PATH: root, GITHUB_ACTIONS: "true" };
    const files = { GITHUB_OUTPUT: "output.txt", GITHUB_STEP_SUMMARY: "summary.md" };
    const failed = shell("bash", ["-e", "-c", script], inFolder({ ...environment, ...files }));
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("::error file=s.yaml") });
    expect(read_("output.txt")).toBe("verdict=regressed\n");
    expect(read_("summary.md")).toContain("### headrace check: regressed");
  });

  const read_ = (name: string): string => readFileSync(join(folder.path, name), "utf8");
});

describe("the pre-commit hooks", () => {
  it("start commands that there are", async () => {
    const hooks = parse(read(".pre-commit-hooks.yaml")) as { id: string; entry: string; language: string }[];
    expect(hooks.map(({ id }) => id)).toEqual(["headrace-check", "headrace-scenario"]);
    for (const { entry } of hooks) {
      const { stdout } = await shell("sh", ["-c", `${entry} --help`], inFolder({}));
      expect(stdout).toContain(entry);
    }
  });
});

describe("the examples for clusters", () => {
  it("have a Kubernetes Job that its schema accepts, and that has as many parts as completions", () => {
    const written = parse(read("docs/examples/kubernetes-job.yaml"));
    expect(() => new Job(written).validate()).not.toThrow();
    expect(() => new Job({ ...written, spec: { ...written.spec, completions: "ten" } }).validate()).toThrow(/integer/);
    const { args } = written.spec.template.spec.containers[0];
    expect(args[args.indexOf("--shards") + 1]).toBe(String(written.spec.completions));
  });

  it("do a sweep in parts that together are all of it, by Slurm's script and by the Job's arguments", async () => {
    const task = join(root, "docs/examples/slurm-array.sh");
    const slurm = { SLURM_ARRAY_TASK_ID: "2", SLURM_ARRAY_TASK_COUNT: "2", SLURM_CPUS_PER_TASK: "1" };
    await shell("bash", [task, "sweep.yaml"], inFolder(slurm));
    const { args } = parse(read("docs/examples/kubernetes-job.yaml")).spec.template.spec.containers[0];
    const own = args.join(" ").replaceAll("/data/", "").replace("--shards 10", "--shards 2").replace("--threads 4", "");
    await shell("sh", ["-c", `headrace ${own}`], inFolder({ JOB_COMPLETION_INDEX: "0" }));
    const { stdout } = await run(["sweep", "sweep.yaml", "--out", "runs", "--json", "--quiet"], folder.path);
    const files = folder.list().filter((name) => name.startsWith("runs/"));
    expect(JSON.parse(stdout)).toMatchObject({ runs: 20, done: 20, failed: 0 });
    expect(files.length).toBeGreaterThan(20);
  });

  it("have a compose file whose workers ask the Redis beside them, which must not evict", () => {
    const { services } = parse(read("docs/examples/compose.yaml"));
    expect(services.worker.command).toEqual(["worker", "--redis", "redis://redis:6379"]);
    expect(Object.keys(services.worker.depends_on)).toEqual(["redis"]);
    expect(services.redis.command.join(" ")).toContain("--maxmemory-policy noeviction");
  });
});

describe("the project's own gate", () => {
  it("is run by .ci/run, and its baseline is of the worlds that stand beside it", async () => {
    expect(read(".ci/run")).toMatch(/headrace -- check test\/gate\/regression.yaml/);
    const regression = await readRegression(join(root, "test/gate/regression.yaml"));
    const baseline = await readBaseline(regression.baseline);
    const subjects = await readSubjects(regression.scenarios, 1);
    expect(baseline?.scenarios.map(({ file, world }) => [file, world])).toEqual(
      subjects.map(({ gated, world }) => [gated.written, world]),
    );
  });
});
