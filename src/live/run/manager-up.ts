import type { ChildProcess } from "node:child_process";
import { InputError } from "../../base/errors.js";
import type { FromManager } from "../wire/messages.js";

/** How long a manager may take to be up, its self-test included. */
const UP_WITHIN_MS = 30_000;

/** What a manager reports when it is up. */
export interface ManagerUp {
  readonly pid: number;
  readonly port: number;
  readonly enforced: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/**
 * Waits until a manager's process reports that it is up. A notice, such as a limit that does not
 * hold, may come before. Throws an InputError if the process fails, ends or is silent for 30 s.
 */
export async function managerUp(child: ChildProcess, onNotice: (line: string) => void): Promise<ManagerUp> {
  const heard = new AbortController();
  try {
    return await new Promise<ManagerUp>((resolve, reject) => {
      const fail = (got: string): void => reject(new InputError({ code: "HR1506", where: "streamlet manager", got }));
      const deadline = setTimeout(() => fail(`no message within ${UP_WITHIN_MS} ms`), UP_WITHIN_MS);
      const onError = (error: Error): void => fail(error.message);
      const onExit = (code: number | null): void => fail(`an end before it was up (exit code ${code})`);
      const onMessage = (message: unknown): void => {
        const first = message as FromManager;
        if (first.kind === "up") resolve(first);
        else if (first.kind === "failed") fail(first.message);
        else if (first.kind === "notice") onNotice(first.line);
      };
      child.on("error", onError).on("exit", onExit).on("message", onMessage);
      heard.signal.addEventListener("abort", () => {
        clearTimeout(deadline);
        child.off("error", onError).off("exit", onExit).off("message", onMessage);
      });
    });
  } finally {
    heard.abort();
  }
}
