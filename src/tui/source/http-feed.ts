import { InputError } from "../../base/errors.js";
import { decodeReading, type FeedReading } from "../../live/watch/watch-feed.js";
import type { OperatorAction } from "../state/ui-state.js";
import { type Feed, FeedSource } from "./feed-source.js";

const TIMEOUT_MS = 5000;
/** A reading of 10,000 streamlets has about 400 kB. */
const MAX_READING_BYTES = 16_000_000;
const EVERY_MS = 1000;

/**
 * Watches a live run at its gateway's address. `token`: for gateways that need one, and for
 * requests.
 */
export async function httpSource(address: string, token: string | undefined): Promise<FeedSource> {
  const url = watchUrl(address);
  const first = await readFrom(url, token).catch((error: unknown) => {
    throw new InputError({
      code: "HR1516",
      where: address,
      got: error instanceof Error ? error.message : String(error),
      expected: "the gateway of a live run: headrace live prints its address",
      remedy: "Is it the gateway's port, not the manager's? Does it need --token-file?",
    });
  });
  const act =
    token === undefined
      ? undefined
      : (kind: OperatorAction, id: number) => send(url, first.managerPort, token, kind, id);
  const feed: Feed = { read: () => readFrom(url, token), act };
  return new FeedSource(feed, first, EVERY_MS);
}

function watchUrl(address: string): URL {
  if (!URL.canParse(address)) {
    throw new InputError({
      code: "HR1005",
      where: "run",
      got: `"${address.slice(0, 80)}"`,
      expected: "an address such as http://127.0.0.1:8080",
    });
  }
  return new URL("/watch", address);
}

async function readFrom(url: URL, token: string | undefined): Promise<FeedReading> {
  const answer = await fetch(url, {
    headers: headersOf(token),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(`no answer from ${url.host} (${reasonOf(error)})`);
  });
  const text = await boundedText(answer);
  if (answer.status === 401 || answer.status === 403) throw new Error(`${url.host} refuses without its token`);
  if (answer.status !== 200) throw new Error(`${url.host} answers with status ${answer.status}`);
  const reading = decodeReading(text);
  if (reading === undefined) throw new Error(`${url.host} answers with something else than a live run`);
  return reading;
}

async function boundedText(answer: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  if (answer.body === null) return "";
  for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > MAX_READING_BYTES) throw new Error(`an answer of more than ${MAX_READING_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The manager's API is on the gateway's machine, on a port of its own. */
async function send(gateway: URL, port: number, token: string, action: OperatorAction, id: number): Promise<string> {
  const url = new URL(`/streamlets/${id}${action === "drain" ? "/drain" : ""}`, gateway);
  url.port = String(port);
  const method = action === "drain" ? "POST" : "DELETE";
  const answer = await fetch(url, { method, headers: headersOf(token), signal: AbortSignal.timeout(TIMEOUT_MS) });
  await answer.body?.cancel();
  if (answer.status === 202) return `${action} of streamlet ${id}: the manager was asked`;
  if (answer.status === 401) return `the manager does not accept this token`;
  return `${action} of streamlet ${id}: the manager answers with status ${answer.status}`;
}

function headersOf(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: NodeJS.ErrnoException };
  return name === "TimeoutError" ? `within ${TIMEOUT_MS / 1000} s` : (cause?.code ?? cause?.message ?? String(error));
}
