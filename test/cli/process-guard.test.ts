import { afterAll, describe, expect, it } from "vitest";
import { Folder, quickScenario, run, start } from "./real-command.js";

const policy = (decide: string): string =>
  `import { execFileSync } from "node:child_process";
export const createPolicy = () => ({ decide: ({ pools }) => {
  ${decide}
  return pools.map(() => ({ desired: 10, reason: "ten" }));
} });\n`;
const scenario = (module: string, duration: string): string =>
  quickScenario({ "count: 10}": `count: 10}\n  - {kind: ./${module}}`, "20min": duration });
const folder = new Folder({
  "package.json": '{"type": "module"}',
  // As the kernel does when memory runs out: nothing inside the process sees it.
  "killed.js": policy('execFileSync("kill", ["-9", String(process.pid)]);'),
  "fine.js": policy(""),
  "exits.js": policy("Promise.resolve().then(() => process.exit(0));"),
  "lingers.js": `setInterval(() => undefined, 1000);\n${policy("")}`,
  "strays.js": `Promise.reject(new Error("nobody waits"));\n${policy("")}`,
  "killed.yaml": scenario("killed.js", "2min"),
  "exits.yaml": scenario("exits.js", "2min"),
  "lingers.yaml": scenario("lingers.js", "2min"),
  "strays.yaml": scenario("strays.js", "2min"),
  "long.yaml": scenario("fine.js", "9000h"),
});
afterAll(() => folder.dispose());

describe("a command that runs a user's module", () => {
  it("names the module when its process is killed, with exit code 2 and nothing half-written", async () => {
    const { code, signal, stdout, stderr } = await run(["simulate", "killed.yaml", "--quiet"], folder.path);
    expect([code, signal, stdout]).toEqual([2, null, ""]);
    expect(stderr).toMatch(/^\.\/killed\.js: a module whose process ended by SIGKILL; .*\[HR1304\]$/m);
    expect(folder.list().filter((file) => file.startsWith("reports"))).toEqual([]);
  });

  it("names the module that ends the process later, where the command runs it in its own thread", async () => {
    const { code, stdout, stderr } = await run(["simulate", "exits.yaml", "--explain", "1min"], folder.path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^\.\/exits\.js: a module that ends its process \(with code 0\); .*\[HR1304\]$/m);
  });

  it("names the module that leaves an error behind, without a stack trace", async () => {
    const { code, stderr } = await run(["simulate", "strays.yaml", "--explain", "1min"], folder.path);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\.\/strays\.js:1:\d+: a module that leaves an error behind .*nobody waits.*\[HR1308\]$/m);
    expect(stderr).not.toContain("node:internal");
  });

  it("ends with its answer, whatever timers the module leaves running", async () => {
    const { code, stdout } = await run(["simulate", "lingers.yaml", "--explain", "1min"], folder.path);
    expect(code).toBe(0);
    expect(stdout).toContain("lingers · pool default");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with 130 when its first process gets %s", async (signal) => {
    const { child, ended } = start(["simulate", "long.yaml"], folder.path);
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (text: string) => {
        if (text.includes("replication")) resolve();
      });
    });
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted: nothing was written\n$/);
  });
});
