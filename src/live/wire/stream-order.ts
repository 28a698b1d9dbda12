/**
 * The transport of a client's bytes: raw, an HTTP/1.1 body (chunked, or of known length:
 * `bodyBytes`), WebSocket messages, or none (a download: the client only receives).
 */
type Transport = "raw" | "chunked" | "length" | "websocket" | "download";

/**
 * Where decoded bytes go: back to the client, on to another address, or nowhere; for a download,
 * from an address to the client.
 */
export type Forward =
  | { readonly to: "client" }
  | { readonly to: "nowhere" }
  | { readonly to: "upstream"; readonly host: string; readonly port: number }
  | { readonly to: "client-from"; readonly host: string; readonly port: number };

/** The order to carry one stream; its socket comes with it. */
export interface StreamOrder {
  /** The request's id. */
  readonly stream: number;
  readonly format: string;
  readonly transport: Transport;
  readonly forward: Forward;
  /**
   * Base64: bytes already read from the socket after the header, and the first bytes for the
   * client.
   */
  readonly head: string;
  readonly reply: string;
  /**
   * Base64: the whole answer, sent after the client's last byte. If left out, the answer begins
   * with `reply`. A sender that closes after its last byte must have no unread bytes then: its
   * kernel would reset the connection and drop unsent bytes.
   */
  readonly finalReply?: string;
  /**
   * How the end of the answer's body is marked. Left out: chunked for HTTP; "none" for HTTP/1.0,
   * where the connection's end marks it.
   */
  readonly answerCoding?: "none";
  /** The WebSocket subprotocol that was chosen among those offered. */
  readonly subprotocol?: string;
  /** Length of the body where the transport is "length", else 0. */
  readonly bodyBytes: number;
  /**
   * A stream with more bytes than this, or silent for longer than this, is ended; 0 = no bound.
   */
  readonly maxBytes: number;
  readonly idleTimeoutMs: number;
  /**
   * The instant of assignment on the machine's monotonic clock (`monotonicMs`), shared by all
   * processes.
   */
  readonly givenAtMs: number;
}
