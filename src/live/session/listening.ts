import { InputError } from "../../base/errors.js";
import type { GatewayServer } from "../gateway/gateway-server.js";
import type { SessionOptions } from "./session-options.js";

/** The port that a gateway listens on. Throws InputError where it cannot. */
export async function listening(gateway: GatewayServer, { address, port }: SessionOptions): Promise<number> {
  return gateway.listen(address, port).catch((error: NodeJS.ErrnoException) => {
    throw new InputError({ code: "HR1505", where: "--port", got: `a port that cannot be listened on (${error.code})` });
  });
}
