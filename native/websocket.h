/* WebSocket (RFC 6455), the server's side: no extensions, each message is one piece of payload. The
 * rules are those of the library `ws`, which the Node streamlet uses. */
#ifndef HEADRACE_WEBSOCKET_H
#define HEADRACE_WEBSOCKET_H

#include <stddef.h>
#include <stdint.h>

/* A message larger than this ends the connection (status 1009). */
#define MAX_MESSAGE 1048576
#define MAX_CONTROL 125
/* A subprotocol's name is at most this long (src/live/gateway/admission.ts). */
#define MAX_SUBPROTOCOL 64

struct websocket {
  uint8_t head[14];
  unsigned head_length;
  /* Of the frame that is being read. */
  int opcode, final, in_frame;
  uint64_t left;
  unsigned mask_at;
  uint8_t control[MAX_CONTROL];
  size_t control_length;
  /* The message being assembled: its kind, or none. */
  int in_message, is_text;
  uint8_t *message;
  size_t length, size;
  int close_sent;
};

enum websocket_event { NOTHING, MESSAGE, PING, CLOSE, BROKEN };

/* Reads up to one event from *bytes and advances it. BROKEN: `status` is the reason. CLOSE:
 * `status` is the client's, 1005 if it gave none. */
enum websocket_event read_websocket(struct websocket *, const uint8_t **bytes, size_t *length, int *status);
/* The head of an unmasked, unfragmented frame of that opcode; returns its length (at most 10). */
size_t frame_head(uint8_t out[10], int opcode, size_t length);
/* The answer to the handshake with that key and the chosen subprotocol (may be empty). Returns its
 * length, 0 if the key is not valid. */
size_t handshake(char *out, size_t size, const char *key, size_t key_length, const char *subprotocol);
void free_websocket(struct websocket *);
void sha1(const char *text, size_t length, uint8_t digest[20]);

#define OPCODE_BINARY 2
#define OPCODE_CLOSE 8
#define OPCODE_PONG 10

#endif
