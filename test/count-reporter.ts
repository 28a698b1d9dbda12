import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with the plain line "N passed, N failed", which scripts read; a file that cannot be loaded counts as one failure. */
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
    process.once("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}

// Vitest loads a reporter from the default export of its file.
export { CountReporter as default };
