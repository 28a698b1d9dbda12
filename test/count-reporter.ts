import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with the plain line "N passed, N failed", which scripts read; a file that cannot be loaded counts as one failure. */
class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
      }
      if (failed === before && module.state() === "failed") failed++;
    }
    process.once("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}

// Vitest loads a reporter from the default export of its file.
export { CountReporter as default };
