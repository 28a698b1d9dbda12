import { connect } from "node:net";

/** Sends a text over a new connection, and gives everything that comes back, both as latin1. */
export function wholeAnswer(port: number, text: string): Promise<string> {
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => undefined);
  client.write(text, "latin1");
  return new Promise((resolve) => {
    let answer = "";
    client.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    client.on("end", () => {
      client.destroy();
      resolve(answer);
    });
    client.on("close", () => resolve(answer));
  });
}
