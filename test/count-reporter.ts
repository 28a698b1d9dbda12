import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends the output with the plain line "N passed, N failed", which scripts read. A file that cannot
 * be loaded counts as one failure. With HEADRACE_FILE_TIMES=1 the seconds that each file took stand
 * before it, slowest first: import, hooks and tests, as wall time on the machine of the run.
 */
class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const again: string[] = [];
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if ((test.diagnostic()?.retryCount ?? 0) > 0) again.push(`${module.relativeModuleId}: ${test.fullName}`);
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
      }
      if (failed === before && module.state() === "failed") failed++;
    }
    for (const name of again) process.stdout.write(`needed a second attempt: ${name}\n`);
    const times = process.env.HEADRACE_FILE_TIMES === "1" ? fileTimes(modules) : "";
    process.once("exit", () => process.stdout.write(`${times}${passed} passed, ${failed} failed\n`));
  }
}

function fileTimes(modules: readonly TestModule[]): string {
  const rows = modules.map((module) => {
    const { collectDuration, setupDuration, duration } = module.diagnostic();
    return { file: module.relativeModuleId, ms: collectDuration + setupDuration + duration };
  });
  const lines = rows
    .sort((a, b) => b.ms - a.ms)
    .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
  return `time per test file:\n${lines.join("\n")}\n`;
}

// Vitest loads a reporter from the default export of its file.
export { CountReporter as default };
