import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { nativeStreamlet } from "../../src/live/machine/launch-command.js";
import { connectPipe, type PipeSender } from "../../src/live/wire/raw-pipe.js";
import { release } from "../../src/live/wire/socket-handover.js";
import { rawOrder, received, runtimes, until } from "../live/live-bench.js";

/** Their ends take some 450 kB, twice what the kernel holds of an unread channel. */
const STREAMS = 1500;

const native = runtimes().includes("native");
if (!native) console.warn("skipped: a C streamlet whose manager is silent, since the native streamlet is not built");

it.skipIf(!native)(
  "a C streamlet serves its streams while its manager reads nothing, and reports all their ends when it reads again",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "headrace-test-"));
    const child = spawn(nativeStreamlet(), ["1000", "mpegts", "0", "-1:-1"], {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
      env: { NODE_CHANNEL_FD: "3" },
    });
    const manager = child.stdio[3] as Socket;
    const heard: string[] = [];
    createInterface({ input: manager }).on("line", (line) => heard.push(line));
    const ends = (): number => heard.filter((line) => line.includes('"ended"')).length;
    const path = join(folder, "pipe");
    manager.write(`${JSON.stringify({ kind: "pipe", path })}\n`);
    await until("the pipe", () => heard.some((line) => line.includes('"pipe"')));
    manager.pause();
    let up = false;
    const pipe = connectPipe(path, (is) => {
      up = is;
    });
    await until("the connection", () => up);
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    for (let stream = 1; stream <= STREAMS; stream++) expect(await echo(server, pipe, stream)).toBe(188);
    const before = ends();
    manager.resume();
    await until("all ends", () => ends() === STREAMS);
    expect(before).toBeLessThan(STREAMS);
    pipe.close();
    server.close();
    manager.destroy();
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(folder, { recursive: true });
  },
);

/** How many of 188 bytes come back. */
async function echo(server: ReturnType<typeof createServer>, pipe: PipeSender, stream: number): Promise<number> {
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  const released = release(await accepted);
  if (released === undefined) throw new Error("the socket is gone");
  pipe.send(JSON.stringify({ kind: "open", ...rawOrder, stream }), released.handle, () => released.close());
  const answer = received(client);
  client.end(new Uint8Array(188).fill(0x47));
  return (await answer).length;
}
