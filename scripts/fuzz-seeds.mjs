// `node scripts/fuzz-seeds.mjs FOLDER`: writes the first inputs of a fuzz run
// (test/native/fuzz.c): one stream of each transport and format.
import { mkdirSync, writeFileSync } from "node:fs";
import { encodeFrame } from "../dist/live/formats/decoders/frames.js";
import { MpegTsWriter } from "../dist/live/formats/mpegts/writer.js";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const step = (what, bytes = new Uint8Array()) =>
  Buffer.concat([Buffer.from([what, bytes.length >> 8, bytes.length & 255]), bytes]);
const ts = new MpegTsWriter(1_000_000).take(8);
const frames = Buffer.concat([0, 1, 2].map((i) => encodeFrame(new Uint8Array(50 * i), i)));
const chunked = (bytes) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)};x=1\r\n`), bytes, Buffer.from("\r\n0\r\nA: b\r\n\r\n")]);
const message = (bytes, opcode = 2) =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | 126, bytes.length >> 8, bytes.length & 255, 0, 0, 0, 0]), bytes]);
const control = (opcode, bytes) =>
  Buffer.concat([
    Buffer.from([0x80 | opcode, 0x80 | bytes.length, 1, 2, 3, 4]),
    Buffer.from(bytes.map((byte, i) => byte ^ [1, 2, 3, 4][i & 3])),
  ]);
const wraps = [
  (bytes) => bytes,
  chunked,
  (bytes) => bytes,
  (bytes) => Buffer.concat([message(bytes), control(9, [1, 2]), control(8, [3, 232])]),
  (bytes) => bytes,
];
wraps.forEach((wrap, transport) => {
  for (const [format, bytes] of [ts, frames].entries()) {
    const open = step(((format | (transport << 2)) << 3) & 0xff);
    writeFileSync(`${folder}/stream-${transport}-${format}`, Buffer.concat([open, step(4, wrap(bytes)), step(1)]));
  }
});
const order = Buffer.from(
  '{"cmd":"NODE_HANDLE_ACK"}\n{"kind":"close","stream":1}\n{"kind":"pipe","path":"x"}\n{"kind":"exit"}\n',
);
writeFileSync(`${folder}/manager`, Buffer.concat([step(0), step(4, ts), step(3, order)]));
writeFileSync(`${folder}/reset`, Buffer.concat([step(0), step(4, ts), step(2), step(0), step(4, frames), step(2)]));
