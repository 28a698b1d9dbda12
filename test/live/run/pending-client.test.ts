import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { PendingClient } from "../../../src/live/run/pending-client.js";
import { rawOrder, until } from "../live-bench.js";

describe("a client that waits for its streamlet", () => {
  it("brings along what was read from it and not yet handed out, also where that is all there is", async () => {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.write("early");
    const socket = await accepted;
    socket.read(0);
    await until("the bytes to be read", () => socket.readableLength === 5);
    const pending = new PendingClient(socket, rawOrder, new Uint8Array(0), {
      refusal: () => "",
      onGone: () => undefined,
    });
    expect(Buffer.from(pending.order(1).head, "base64").toString()).toBe("early");
    client.destroy();
    socket.destroy();
    server.close();
  });
});
