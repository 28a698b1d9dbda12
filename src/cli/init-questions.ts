import { createInterface, type Interface } from "node:readline";
import { InputError } from "../base/errors.js";
import { parseQuantity } from "../base/units.js";
import type { InitArguments } from "./init.js";
import { userPath } from "./options/user-path.js";

/** A question whose answer is wrong this often ends the command. */
const MOST_TRIES = 3;

/**
 * Asks on the terminal for what the options do not say; an empty answer takes the default in
 * brackets.
 */
export async function askForMissing(argv: InitArguments, signal: AbortSignal): Promise<InitArguments> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In a terminal's raw mode Ctrl-C is a key, and no signal.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const questions = new Questions(terminal, signal);
  try {
    const traffic = await askTraffic(argv, questions);
    const holding = await questions.ask("How long does a stream last on average?", "5min", durationText);
    const slots = await questions.ask("How many streams does one streamlet serve at once?", "8", count);
    const spawn = await questions.ask("How long does a streamlet take to start?", "10s", durationMs);
    const hpa = await questions.ask("File of your HPA or ScaledObject, if you have one:", "none", (answer) => answer);
    return {
      ...argv,
      ...traffic,
      holding: argv.holding ?? holding,
      slots: argv.slots ?? slots,
      spawn: argv.spawn ?? spawn,
      ...(hpa === "none" ? {} : { hpa: userPath(hpa) }),
    };
  } finally {
    terminal.close();
  }
}

async function askTraffic(argv: InitArguments, questions: Questions): Promise<Partial<InitArguments>> {
  if (argv.log !== undefined || argv.trace !== undefined || argv.prometheus !== undefined || argv.rate !== undefined)
    return {};
  const sources = ["log", "trace", "prometheus", "nothing"] as const;
  const source = await questions.ask(
    "Where does your traffic come from: log, trace, prometheus or nothing?",
    "nothing",
    (answer) => sources.find((one) => one === answer),
  );
  switch (source) {
    case "log":
      return { log: [userPath(await questions.ask("Access log (gzip too):", undefined, given))] };
    case "trace":
      return { trace: userPath(await questions.ask("Trace (CSV with timestamp,value):", undefined, given)) };
    case "prometheus":
      return {
        prometheus: await questions.ask("Address of the server:", "http://localhost:9090", given),
        query: await questions.ask("Query:", "sum(rate(http_requests_total[1m]))", given),
        from: await questions.ask("From (ISO-8601):", undefined, given),
        to: await questions.ask("To:", undefined, given),
      };
    case "nothing":
      return { rate: await questions.ask("How many requests arrive, on average?", "5/s", rateText) };
  }
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
  async ask<T>(question: string, standard: string | undefined, read: (answer: string) => T | undefined): Promise<T> {
    const hint = standard === undefined ? "" : ` [${standard}]`;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await this.answerTo(`${question}${hint} `);
      const value = read(answer === "" ? (standard ?? "") : answer);
      if (value !== undefined) return value;
      process.stderr.write(`"${answer.slice(0, 40)}" is not understood.\n`);
    }
    throw new InputError({
      code: "HR1005",
      where: question,
      got: `${MOST_TRIES} answers that are not understood`,
      expected: standard === undefined ? "an answer" : `an answer such as ${standard}`,
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

const given = (answer: string): string | undefined => (answer === "" ? undefined : answer);
const count = (answer: string): number | undefined => (/^[1-9]\d{0,5}$/.test(answer) ? Number(answer) : undefined);
const durationMs = (answer: string): number | undefined => {
  const value = parseQuantity("duration", answer);
  return typeof value === "number" && value >= 0 ? value : undefined;
};
const durationText = (answer: string): string | undefined => ((durationMs(answer) ?? 0) > 0 ? answer : undefined);
const rateText = (answer: string): string | undefined => {
  const value = parseQuantity("rate", answer);
  return typeof value === "number" && value > 0 ? answer : undefined;
};
