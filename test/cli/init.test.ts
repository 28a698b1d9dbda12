import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { parseWords } from "../../src/cli/parse-words.js";
import { runExperiment } from "../../src/experiment/experiment.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { folderPerTest } from "./folder-per-test.js";
import { quickTrace, root } from "./real-command.js";

const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 60
  metrics:
    - type: Pods
      pods: {metric: {name: nginx_connections_active}, target: {type: AverageValue, averageValue: "6"}}
`;

const folder = folderPerTest({ "hpa.yaml": hpa, "t.csv": quickTrace(72) });

const at = (name: string): string => join(folder.path, name);
const init = (...words: readonly string[]): Promise<void> => parseWords(["init", ...words, "--ask", "no", "--quiet"]);

describe("headrace init", () => {
  it("writes a scenario that simulates at once, from nothing but a rate", async () => {
    await init(at("a.yaml"), "--rate", "30/min", "--holding", "2min", "--slots", "4", "--spawn", "2s");
    const scenario = await readScenario(at("a.yaml"), { duration: "2h", replications: 1 });
    expect(scenario.policies.map(({ kind }) => kind)).toEqual(["hpa", "predictive"]);
    expect(scenario.fleet.classes[0].slots).toBe(4);
    const { document } = await runExperiment(scenario, { threads: 1 });
    expect(document.policies[0].metrics.arrivals.mean).toBeGreaterThan(500);
  });

  it("takes a trace, its length and its own level", async () => {
    await init(at("b.yaml"), "--trace", at("t.csv"));
    const { durationMs, traffic } = await readScenario(at("b.yaml"));
    expect(durationMs).toBe(6 * 3_600_000);
    expect(traffic.source).toMatchObject({ kind: "trace", scale: 1 });
  });

  it("imports an access log beside the scenario, and reads an autoscaler's manifest", async () => {
    await init(at("c.yaml"), "--log", join(root, "traces/sample-access.txt"), "--hpa", at("hpa.yaml"));
    expect(folder.list()).toEqual(["c.csv", "c.yaml", "hpa.yaml", "t.csv"]);
    const { policies } = await readScenario(at("c.yaml"));
    expect(policies[0]).toMatchObject({
      kind: "hpa",
      knobs: { metrics: [{ metric: "open-streams", averageValue: 6 }] },
    });
  });

  it("takes a metric for what --metric says", async () => {
    await init(at("d.yaml"), "--hpa", at("hpa.yaml"), "--metric", "nginx_connections_active=demand");
    const { policies } = await readScenario(at("d.yaml"));
    expect(policies[0]).toMatchObject({ knobs: { metrics: [{ metric: "demand" }] } });
  });

  it("takes the only object of a List, and one of several by its name", async () => {
    const indented = hpa.replaceAll("\n", "\n    ");
    folder.write("list.yaml", `apiVersion: v1\nkind: List\nitems:\n  - ${indented}`);
    await init(at("g.yaml"), "--hpa", at("list.yaml"));
    expect((await readScenario(at("g.yaml"))).policies[0].max).toBe(60);
    folder.write("two.yaml", `${hpa}---\n${hpa.replace("name: web}", "name: api}").replace("60", "30")}`);
    await expect(init(at("h.yaml"), "--hpa", at("two.yaml"))).rejects.toThrow(
      /HorizontalPodAutoscaler web, HorizontalPodAutoscaler api; expected one of them.*--hpa .*two.yaml#web/,
    );
    await init(at("h.yaml"), "--hpa", `${at("two.yaml")}#api`);
    expect((await readScenario(at("h.yaml"))).policies[0].max).toBe(30);
  });

  it("says which series of a Prometheus server it adds up", async () => {
    const fromS = Date.UTC(2026, 0, 5) / 1000;
    const values = Array.from({ length: 120 }, (_, i) => [fromS + 60 * (i + 1), "0.5"]);
    const result = ["eu", "us"].map((region) => ({ metric: { region, job: "web" }, values }));
    const server = createServer((_, response) =>
      response.end(JSON.stringify({ status: "success", data: { resultType: "matrix", result } })),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { write } = process.stdout;
    let printed = "";
    process.stdout.write = (text: string | Uint8Array) => {
      printed += String(text);
      return true;
    };
    try {
      const range = ["--query", "rate(x[1m])", "--from", "2026-01-05T00:00Z", "--to", "2026-01-05T02:00Z"];
      await parseWords(["init", at("p.yaml"), "--prometheus", address, ...range, "--ask", "no", "--json"]);
      const { notes } = JSON.parse(printed);
      expect(notes).toEqual([
        "2 series that differ in region are added up (trace import --region region keeps them apart)",
      ]);
    } finally {
      process.stdout.write = write;
      server.close();
    }
  });

  it("never writes over a file, and leaves none behind where an input is wrong", async () => {
    folder.write("there.yaml", "mine");
    await expect(init(at("there.yaml"))).rejects.toThrow(/already.*HR1107/);
    expect(readFileSync(at("there.yaml"), "utf8")).toBe("mine");
    const log = join(root, "traces/sample-access.txt");
    await expect(init(at("e.yaml"), "--log", log, "--hpa", at("t.csv"))).rejects.toThrow(/HR1/);
    await expect(init(at("e.yaml"), "--log", log, "--trace", at("t.csv"))).rejects.toThrow(/one source of traffic/);
    await expect(init(at("e.yaml"), "--query", "x")).rejects.toThrow(/--query: no --prometheus/);
    expect(folder.list()).toEqual(["hpa.yaml", "t.csv", "there.yaml"]);
  });

  it("asks for what the options leave out, and takes the defaults in brackets", async () => {
    const input = new PassThrough();
    const original = Object.getOwnPropertyDescriptor(process, "stdin") as PropertyDescriptor;
    Object.defineProperty(process, "stdin", { value: input, configurable: true });
    try {
      const done = parseWords(["init", at("f.yaml"), "--spawn", "20s", "--ask", "yes", "--quiet"]);
      // There is no question about the spawn time: it is given.
      input.end(`${["trace", at("not-there.csv"), at("t.csv"), "3min", "oops", "16", at("hpa.yaml")].join("\n")}\n`);
      await done;
    } finally {
      Object.defineProperty(process, "stdin", original);
    }
    const { traffic, fleet, streams, policies } = await readScenario(at("f.yaml"));
    expect(traffic.source.kind).toBe("trace");
    expect(fleet.classes[0].slots).toBe(16);
    expect(streams.holding.kind).toBe("lognormal");
    expect(policies[0].kind).toBe("hpa");
    expect(policies[0].max).toBe(60);
  });

  it("refuses an address of Prometheus that is none, by its option", async () => {
    const asked = ["--query", "sum(up)", "--from", "2026-01-05T00:00:00Z", "--to", "2026-01-06T00:00:00Z"];
    for (const wrong of ["nope", "localhost:9090", "ftp://here", "http://"])
      await expect(init(at("p.yaml"), "--prometheus", wrong, ...asked)).rejects.toThrow(
        new RegExp(`--prometheus: "${wrong}"; expected the address of a server.*http://`),
      );
    await expect(init(at("p.yaml"), "--log", "http://localhost:9090")).rejects.toThrow(
      /--log: .*; expected --prometheus/,
    );
  });

  it("proposes trace import where a file needs an option that init does not have", async () => {
    folder.write("two.csv", "timestamp,visits,errors\n2026-01-05T00:00:00Z,4,1\n2026-01-05T01:00:00Z,5,1\n");
    folder.write("what.txt", "nothing that is known\n");
    await expect(init(at("q.yaml"), "--log", at("two.csv"))).rejects.toThrow(
      /--value .*headrace trace import .*two\.csv --out .*q\.csv.*headrace init .*q\.yaml --trace .*q\.csv/s,
    );
    await expect(init(at("q.yaml"), "--log", at("what.txt"))).rejects.toThrow(/--as.*headrace trace import/);
    expect(folder.list()).not.toContain("q.csv");
  });
});
