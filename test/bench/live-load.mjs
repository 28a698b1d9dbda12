// The load generator of the live bench, in a process of its own: raw TCP clients of a gateway (or
// of any echo server). One message has its orders; it answers with one message, and ends.
import { connect } from "node:net";
import { performance } from "node:perf_hooks";
import { MpegTsWriter } from "../../dist/live/formats/mpegts/writer.js";

const PACKET_BYTES = 188;
/** A stream's bytes go out in pieces of this length of time, as in `headrace live`. */
const PIECE_MS = 40;
const PATIENCE_MS = 60_000;
const HOST = "127.0.0.1";

function once(socket, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    socket.once("error", reject);
    socket.once(event, (value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/**
 * Alternates, one after the other: connect → first byte, and, on open connections, header → first
 * byte.
 */
async function latencies({ port, header, rounds, warmups }) {
  const [connectMs, assignMs] = [[], []];
  for (let round = 0; round < rounds + warmups; round++) {
    const beganMs = performance.now();
    const cold = connect({ port, host: HOST, noDelay: true });
    cold.once("connect", () => cold.write(header));
    await once(cold, "data");
    const coldMs = performance.now() - beganMs;
    cold.destroy();
    const warm = connect({ port, host: HOST, noDelay: true });
    await once(warm, "connect");
    // The gateway has accepted before the header is sent, so only the header's time is measured.
    await new Promise((resolve) => setTimeout(resolve, 3));
    const askedMs = performance.now();
    warm.write(header);
    await once(warm, "data");
    const warmMs = performance.now() - askedMs;
    warm.destroy();
    if (round >= warmups) {
      connectMs.push(coldMs);
      assignMs.push(warmMs);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return { connectMs, assignMs };
}

/**
 * The bytes that a connection sends and receives within the time; a first line of the answer is
 * skipped.
 */
async function pump({ port, header, forMs }) {
  const socket = connect({ port, host: HOST, noDelay: true });
  await once(socket, "connect");
  if (header !== "") {
    socket.write(header);
    await once(socket, "data");
  }
  const piece = Buffer.from(new MpegTsWriter(8_000_000).take(16 * 22));
  let [back, over] = [0, false];
  const send = () => {
    while (!over && socket.write(piece));
  };
  socket.on("drain", send);
  socket.on("data", (chunk) => {
    back += chunk.length;
  });
  socket.on("error", () => undefined);
  send();
  // The pace of the first tenth is that of a program that is not compiled yet.
  await new Promise((resolve) => setTimeout(resolve, forMs / 10));
  const [from, fromMs] = [back, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const bits = (back - from) * 8;
  const tookMs = performance.now() - fromMs;
  over = true;
  socket.destroy();
  return { bitsPerSecond: (bits * 1000) / tookMs };
}

/**
 * Many streams at once at a constant rate: every byte that comes back is compared with the one
 * sent.
 */
async function hold({ port, header, streams, bitsPerSecond, forMs, rampMs }) {
  // Every client sends the same bytes, made once: the generator must not take cores from the
  // measured processes.
  const bytes = Buffer.from(
    new MpegTsWriter(bitsPerSecond).take(Math.ceil((bitsPerSecond * forMs) / 8000 / PACKET_BYTES)),
  );
  const one = async (i) => {
    await new Promise((resolve) => setTimeout(resolve, (i * rampMs) / streams));
    return holdOne({ port, header, bytes, bitsPerSecond });
  };
  const ends = await Promise.all(Array.from({ length: streams }, (_, i) => one(i)));
  const count = (how) => ends.filter((end) => end === how).length;
  return { whole: count("whole"), wrong: count("wrong"), cut: count("cut"), refused: count("refused") };
}

function holdOne({ port, header, bytes, bitsPerSecond }) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, noDelay: true, allowHalfOpen: true });
    let [sent, back, line, timer, verdict] = [0, 0, "", undefined, "cut"];
    const begin = () => {
      const beganMs = performance.now();
      timer = setInterval(() => {
        const due = Math.floor(((performance.now() - beganMs) * bitsPerSecond) / 8000 / PACKET_BYTES) * PACKET_BYTES;
        const end = Math.min(bytes.length, due);
        if (end > sent) socket.write(bytes.subarray(sent, end));
        sent = end;
        if (sent === bytes.length) {
          clearInterval(timer);
          socket.end();
        }
      }, PIECE_MS);
    };
    const compare = (chunk) => {
      if (!bytes.subarray(back, back + chunk.length).equals(chunk)) verdict = "wrong";
      back += chunk.length;
    };
    socket.on("connect", () => socket.write(header));
    socket.on("data", (chunk) => {
      if (timer !== undefined) {
        compare(chunk);
        return;
      }
      line += chunk.toString("latin1");
      const end = line.indexOf("\n");
      if (end < 0) return;
      if (!line.startsWith("HEADRACE/1 200")) {
        verdict = "refused";
        socket.destroy();
        return;
      }
      begin();
      if (line.length > end + 1) compare(Buffer.from(line.slice(end + 1), "latin1"));
    });
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      clearInterval(timer);
      resolve(verdict === "cut" && sent === bytes.length && back === sent ? "whole" : verdict);
    });
  });
}

const jobs = { latencies, pump, hold };
process.once("message", async ({ job, ...orders }) => {
  try {
    process.send(await jobs[job](orders), () => process.exit(0));
  } catch (error) {
    process.send({ failed: error.message }, () => process.exit(1));
  }
});
