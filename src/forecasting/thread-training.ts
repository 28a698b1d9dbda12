import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Training, TrainingOutcome, TrainingRequest } from "../ports/training.js";
import type { ForecasterOptions } from "./catalogue.js";
import type { TrainingAnswer, TrainingQuestion } from "./training-worker.js";

/**
 * Most trainings that wait for the thread. A further one is refused; its trainer asks again when
 * the next is due.
 */
const MOST_WAITING = 1024;

/**
 * Trains in a worker thread, so that no stream waits for a training. Outcomes come back through
 * `inject`, as outside events. If the thread dies, its trainings fail and the next request starts
 * a new one.
 */
export class ThreadTraining implements Training {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, (outcome: TrainingOutcome) => void>();
  private lastId = 0;

  constructor(
    private readonly inject: (event: () => void) => void,
    private readonly options: ForecasterOptions = {},
    private readonly file: string = fileURLToPath(new URL("./training-worker.js", import.meta.url)),
  ) {}

  train(request: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void {
    if (this.waiting.size >= MOST_WAITING) {
      this.inject(() => deliver({ kind: "failed", reason: "too-many-trainings-wait" }));
      return;
    }
    const id = ++this.lastId;
    this.waiting.set(id, deliver);
    this.worker ??= this.start();
    const question: TrainingQuestion = { id, request, options: this.options };
    this.worker.postMessage(question);
    this.worker.ref();
  }

  /** Ends the thread; what it was asked fails. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.failAll("training-was-closed");
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.file);
    worker.on("message", ({ id, outcome }: TrainingAnswer) => this.settle(id, outcome));
    const died = (reason: string): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.failAll(reason);
    };
    worker.on("error", (error: Error) => died(`training-thread-died: ${error.message.slice(0, 160)}`));
    worker.on("exit", (code) => died(`training-thread-ended: ${code}`));
    return worker;
  }

  private settle(id: number, outcome: TrainingOutcome): void {
    const deliver = this.waiting.get(id);
    this.waiting.delete(id);
    // An idle training thread is no reason for the process to stay.
    if (this.waiting.size === 0) this.worker?.unref();
    if (deliver !== undefined) this.inject(() => deliver(outcome));
  }

  private failAll(reason: string): void {
    for (const id of [...this.waiting.keys()]) this.settle(id, { kind: "failed", reason });
  }
}
