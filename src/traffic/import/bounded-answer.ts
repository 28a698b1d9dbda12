import { InputError } from "../../base/errors.js";

/** The whole answer, from the first byte sent to the last received. */
const TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 67_108_864;
/** A redirect may change the path (a trailing slash, https behind a proxy), not the host. */
const MAX_REDIRECTS = 5;

export interface BoundedAnswer {
  readonly status: number;
  readonly body: string;
}

export interface AnswerBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const usualBounds: AnswerBounds = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };

/**
 * Fetches a text with bounds on time and size; follows redirects on the same host only. `where` is
 * what errors name. Throws InputError, or what the signal was aborted with.
 */
export async function boundedAnswer(
  where: string,
  url: URL,
  signal: AbortSignal,
  bounds: AnswerBounds = usualBounds,
): Promise<BoundedAnswer> {
  const timeout = AbortSignal.timeout(bounds.timeoutMs);
  let answered = false;
  try {
    const answer = await onSameHost(where, url, AbortSignal.any([signal, timeout]));
    answered = true;
    return { status: answer.status, body: await boundedText(where, answer, bounds.maxBytes) };
  } catch (error) {
    if (error instanceof InputError || signal.aborted) throw error;
    throw new InputError({
      code: "HR1413",
      where,
      got: answered
        ? `an answer that breaks off (${reasonOf(error, bounds)})`
        : `no answer (${reasonOf(error, bounds)})`,
      expected: answered ? "a Prometheus server that stays up" : "a Prometheus server that answers",
      remedy: answered ? "Try again once it is up; nothing was written" : "Check the address; nothing was written",
    });
  }
}

async function onSameHost(where: string, url: URL, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await fetch(at, { signal, redirect: "manual" });
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status > 399 || location === null) return answer;
    await answer.body?.cancel();
    const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined;
    if (next === undefined || next.host !== url.host || !/^https?:$/.test(next.protocol)) {
      throw new InputError({
        code: "HR1413",
        where,
        got: `a redirect to ${location.slice(0, 120)}`,
        expected: "an answer, or a redirect on the same host",
        remedy: "If that is the server meant, give its address",
      });
    }
    at = next;
  }
  throw new InputError({ code: "HR1413", where, got: `more than ${MAX_REDIRECTS} redirects`, expected: "an answer" });
}

async function boundedText(where: string, answer: Response, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) {
      throw new InputError({
        code: "HR1413",
        where,
        got: `an answer of more than ${maxBytes} bytes`,
        expected: "at most that",
        remedy: "Sum in the query (sum by (…)), widen --step, or import a part of the time",
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function reasonOf(error: unknown, bounds: AnswerBounds): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `none within ${bounds.timeoutMs / 1000} s`;
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}
