import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends the output with the plain line "N passed, N failed", which scripts read. A file that
 * cannot be loaded counts as one failure. Before it, each failure is printed again with its
 * message, since a CI may keep only the end of the output (12,000 characters were seen); so is what
 * failed at the first attempt of a test that passed at its second. With HEADRACE_FILE_TIMES=1 the
 * seconds of each file come first, slowest first: import, hooks and tests, as wall time on the
 * machine of the run. HEADRACE_FAILED_BEFORE names checks that failed before the tests; they are
 * printed again, too.
 */
class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const before = process.env.HEADRACE_FAILED_BEFORE;
    const failures = before ? [`FAILED before the tests: ${before}\n`] : [];
    failures.push(...errors.map((error) => failureText("FAILED outside the tests", [error])));
    const again: string[] = [];
    for (const module of modules) {
      const failedBefore = failed;
      for (const test of module.children.allTests()) {
        const { state, errors: causes } = test.result();
        const name = `${module.relativeModuleId}: ${test.fullName}`;
        const isAgain = (test.diagnostic()?.retryCount ?? 0) > 0;
        if (isAgain) again.push(`needed a second attempt: ${name}\n`);
        if (state === "passed") {
          passed++;
          // The failure of its first attempt, which shows the cause.
          if (isAgain) again.push(failureText("its first attempt:", causes ?? []));
        } else if (state === "failed") {
          failed++;
          failures.push(failureText(`FAILED ${name}`, causes ?? []));
        }
      }
      if (failed === failedBefore && module.state() === "failed") {
        failed++;
        failures.push(failureText(`FAILED ${module.relativeModuleId}`, module.errors()));
      }
    }
    const times = process.env.HEADRACE_FILE_TIMES === "1" ? fileTimes(modules) : "";
    const ending = `${times}${again.join("")}${failures.join("")}${passed} passed, ${failed} failed\n`;
    process.once("exit", () => process.stdout.write(ending));
  }
}

/** Failures are quoted up to this length each, so that a run with many shows them all. */
const failureCharacters = 1500;

function failureText(heading: string, causes: readonly unknown[]): string {
  const text = causes.map((cause) => {
    const { stack, message } = cause as { stack?: string; message?: string };
    return stack?.includes(message ?? "") ? stack : `${message ?? String(cause)}\n${stack ?? ""}`;
  });
  return `${heading}\n${stripVTControlCharacters(text.join("\n")).slice(0, failureCharacters)}\n`;
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
