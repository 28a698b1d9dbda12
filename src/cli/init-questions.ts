import { statSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { parseQuantity } from "../base/units.js";
import { type InitArguments, isServerAddress } from "./init.js";
import { userPath } from "./options/user-path.js";

const HOUR_MS = 3_600_000;
/** What a predictive policy learns from: two weeks, up to this hour. */
const USUAL_HISTORY_MS = 14 * 24 * HOUR_MS;
/** A question whose answer is wrong this often ends the command. */
const MOST_TRIES = 3;

/**
 * Asks on the terminal for what the options leave out; an empty answer takes the default in
 * brackets.
 */
export async function askForMissing(argv: InitArguments, signal: AbortSignal): Promise<InitArguments> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In a terminal's raw mode Ctrl-C is a key, and no signal.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const questions = new Questions(terminal, signal);
  try {
    const traffic = await askTraffic(argv, questions);
    const holding =
      argv.holding ?? (await questions.ask("How long does a stream last on average?", "5min", durationText));
    const slots = argv.slots ?? (await questions.ask("How many streams does one streamlet serve at once?", "8", count));
    const spawn = argv.spawn ?? (await questions.ask("How long does a streamlet take to start?", "10s", durationMs));
    const hpa = argv.hpa ?? (await askManifest(questions));
    return { ...argv, ...traffic, holding, slots, spawn, hpa };
  } finally {
    terminal.close();
  }
}

async function askManifest(questions: Questions): Promise<string | undefined> {
  const answer = await questions.ask("File of your HPA or ScaledObject, if you have one:", "none", fileOrNone);
  return answer === "none" ? undefined : userPath(answer);
}

async function askTraffic(argv: InitArguments, questions: Questions): Promise<Partial<InitArguments>> {
  if (argv.log !== undefined || argv.trace !== undefined || argv.prometheus !== undefined || argv.rate !== undefined)
    return {};
  const thisHourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const sources = ["log", "trace", "prometheus", "nothing"] as const;
  const source = await questions.ask(
    "Where does your traffic come from: log, trace, prometheus or nothing?",
    "nothing",
    {
      expected: `one of ${sources.join(", ")}`,
      read: (answer: string) => sources.find((one) => one === answer),
    },
  );
  switch (source) {
    case "log":
      return { log: [userPath(await questions.ask("Access log (gzip too):", undefined, file))] };
    case "trace":
      return { trace: userPath(await questions.ask("Trace (CSV with timestamp,value):", undefined, file)) };
    case "prometheus":
      return {
        prometheus: await questions.ask("Address of the server:", "http://localhost:9090", serverAddress),
        query: await questions.ask("Query:", "sum(rate(http_requests_total[1m]))", given),
        from: await questions.ask("From:", instantText(thisHourMs - USUAL_HISTORY_MS), instant),
        to: await questions.ask("To:", instantText(thisHourMs), instant),
      };
    case "nothing":
      return { rate: await questions.ask("How many requests arrive, on average?", "5/s", rateText) };
  }
}

/** What a question takes. */
interface Answer<T> {
  /** Completes "… is not …". */
  readonly expected: string;
  /** Undefined where it is not that. */
  read(answer: string): T | undefined;
}

class Questions {
  /** Lines that came before their question, such as those of a pipe. */
  private readonly lines: string[] = [];
  private hasEnded = false;
  private wake = (): void => undefined;

  constructor(
    private readonly terminal: Interface,
    private readonly signal: AbortSignal,
  ) {
    terminal.on("line", (line) => {
      this.lines.push(line);
      this.wake();
    });
    terminal.once("close", () => {
      this.hasEnded = true;
      this.wake();
    });
    signal.addEventListener("abort", () => this.wake(), { once: true });
  }

  /** Asks until `read` gives a value, at most three times. */
  async ask<T>(question: string, standard: string | undefined, { expected, read }: Answer<T>): Promise<T> {
    const hint = standard === undefined ? "" : ` [${standard}]`;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await this.answerTo(`${question}${hint} `);
      const value = read(answer === "" ? (standard ?? "") : answer);
      if (value !== undefined) return value;
      process.stderr.write(`"${answer.slice(0, 80)}" is not ${expected}.\n`);
    }
    throw new InputError({
      code: "HR1005",
      where: question,
      got: `${MOST_TRIES} answers that are not understood`,
      expected,
      remedy: "Give it as an option: headrace init --help",
    });
  }

  /** Empty where the input has ended. */
  private async answerTo(question: string): Promise<string> {
    this.terminal.setPrompt(question);
    this.terminal.prompt();
    while (this.lines.length === 0 && !this.hasEnded) {
      this.signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.signal.throwIfAborted();
    return (this.lines.shift() ?? "").trim();
  }
}

const given: Answer<string> = {
  expected: "an answer",
  read: (answer) => (answer === "" ? undefined : answer),
};
const serverAddress: Answer<string> = {
  expected: "an address such as http://localhost:9090",
  read: (answer) => (isServerAddress(answer) ? answer : undefined),
};
const file: Answer<string> = {
  expected: "a file that is there",
  read: (answer) => (isFile(answer) ? answer : undefined),
};
const fileOrNone: Answer<string> = {
  expected: "a file that is there, or none",
  // FILE#NAME takes one object of several.
  read: (answer) => (answer === "none" || isFile(answer.replace(/#[^#]*$/, "")) ? answer : undefined),
};
const instant: Answer<string> = {
  expected: "an instant such as 2026-01-05T00:00Z",
  read: (answer) => (Number.isNaN(parseInstant(answer)) ? undefined : answer),
};
const count: Answer<number> = {
  expected: "a whole number from 1 to 999999",
  read: (answer) => (/^[1-9]\d{0,5}$/.test(answer) ? Number(answer) : undefined),
};
const durationMs: Answer<number> = {
  expected: "a time such as 10s",
  read: (answer) => {
    const value = parseQuantity("duration", answer);
    return typeof value === "number" && value >= 0 ? value : undefined;
  },
};
const durationText: Answer<string> = {
  expected: "a time above 0, such as 5min",
  read: (answer) => ((durationMs.read(answer) ?? 0) > 0 ? answer : undefined),
};
const rateText: Answer<string> = {
  expected: "a rate above 0, such as 5/s",
  read: (answer) => {
    const value = parseQuantity("rate", answer);
    return typeof value === "number" && value > 0 ? answer : undefined;
  },
};

function isFile(path: string): boolean {
  return path !== "" && statSync(userPath(path), { throwIfNoEntry: false })?.isFile() === true;
}

function instantText(atMs: number): string {
  return new Date(atMs).toISOString().replace(":00.000Z", "Z");
}
