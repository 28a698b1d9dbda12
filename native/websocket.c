#include "websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPCODE_CONTINUATION 0
#define OPCODE_TEXT 1
#define OPCODE_PING 9
#define MAX_KEY 64
#define PROTOCOL_ERROR 1002
#define NOT_TEXT 1007
#define TOO_LARGE 1009

/* Well-formed as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF. */
static int is_utf8(const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    uint8_t first = bytes[at++];
    if (first < 0x80) continue;
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || length - at < (size_t)more) return 0;
    uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (bytes[at] < least || bytes[at] > most) return 0;
    for (int i = 1; i < more; i++)
      if ((bytes[at + (size_t)i] & 0xc0) != 0x80) return 0;
    at += (size_t)more;
  }
  return 1;
}

static int is_status(int status) {
  if (status >= 3000) return status <= 4999;
  return status >= 1000 && status <= 1014 && status != 1004 && status != 1005 && status != 1006;
}

/* Length of a frame's head, from its first two bytes. */
static unsigned head_size(const uint8_t *head) {
  unsigned length = head[1] & 0x7f;
  return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + 4;
}

/* Checks the first two bytes: no extension is agreed, a client must mask, control frames are short
 * and unfragmented. */
static int is_allowed(const struct websocket *self) {
  const uint8_t *head = self->head;
  int opcode = head[0] & 0x0f;
  unsigned length = head[1] & 0x7f;
  if ((head[0] & 0x70) != 0 || (head[1] & 0x80) == 0) return 0;
  if (opcode < OPCODE_CLOSE) return opcode <= OPCODE_BINARY && (opcode == OPCODE_CONTINUATION) == self->in_message;
  return opcode <= OPCODE_PONG && head[0] >> 7 && length <= MAX_CONTROL && !(opcode == OPCODE_CLOSE && length == 1);
}

/* The head is complete except for its mask; 0 = the message would be too large. */
static int measure_frame(struct websocket *self) {
  unsigned short_length = self->head[1] & 0x7f;
  self->left = short_length < 126 ? short_length : 0;
  if (short_length >= 126)
    for (unsigned i = 2; i < self->head_length; i++) self->left = self->left << 8 | self->head[i];
  return (self->head[0] & 0x0f) >= OPCODE_CLOSE || self->left <= MAX_MESSAGE - self->length;
}

static void begin_frame(struct websocket *self) {
  self->final = self->head[0] >> 7;
  self->opcode = self->head[0] & 0x0f;
  self->mask_at = 0;
  self->in_frame = 1;
  self->control_length = 0;
  if (self->opcode >= OPCODE_CLOSE) return;
  if (self->opcode != OPCODE_CONTINUATION) self->is_text = self->opcode == OPCODE_TEXT;
  self->in_message = 1;
}

/* Takes one more byte of the head. Returns 0, or the close status for its error. */
static int take_head(struct websocket *self, uint8_t byte) {
  self->head[self->head_length++] = byte;
  if (self->head_length < 2) return 0;
  if (self->head_length == 2 && !is_allowed(self)) return PROTOCOL_ERROR;
  unsigned size = head_size(self->head);
  if (self->head_length == size - 4 && !measure_frame(self)) return TOO_LARGE;
  if (self->head_length == size) begin_frame(self);
  return 0;
}

static int keep(struct websocket *self, const uint8_t *bytes, size_t count) {
  uint8_t *to = self->control + self->control_length;
  if (self->opcode < OPCODE_CLOSE) {
    if (self->length + count > self->size) {
      size_t size = (self->length + count) * 2;
      if (size > MAX_MESSAGE) size = MAX_MESSAGE;
      uint8_t *grown = realloc(self->message, size);
      if (grown == NULL) return 0;
      self->message = grown;
      self->size = size;
    }
    to = self->message + self->length;
    self->length += count;
  } else self->control_length += count;
  const uint8_t *mask = self->head + self->head_length - 4;
  for (size_t i = 0; i < count; i++) to[i] = bytes[i] ^ mask[self->mask_at++ & 3];
  return 1;
}

static enum websocket_event end_frame(struct websocket *self, int *status) {
  self->in_frame = 0;
  self->head_length = 0;
  if (self->opcode == OPCODE_PING) return PING;
  if (self->opcode == OPCODE_PONG) return NOTHING;
  if (self->opcode == OPCODE_CLOSE) {
    *status = self->control_length < 2 ? 1005 : self->control[0] << 8 | self->control[1];
    if (self->control_length == 0) return CLOSE;
    int valid = is_status(*status);
    int readable = valid && is_utf8(self->control + 2, self->control_length - 2);
    if (readable) return CLOSE;
    *status = valid ? NOT_TEXT : PROTOCOL_ERROR;
    return BROKEN;
  }
  if (!self->final) return NOTHING;
  self->in_message = 0;
  if (!self->is_text || is_utf8(self->message, self->length)) return MESSAGE;
  *status = NOT_TEXT;
  return BROKEN;
}

enum websocket_event read_websocket(struct websocket *self, const uint8_t **bytes, size_t *length, int *status) {
  while (*length > 0 || (self->in_frame && self->left == 0)) {
    if (!self->in_frame) {
      (*length)--;
      *status = take_head(self, *(*bytes)++);
      if (*status != 0) return BROKEN;
      continue;
    }
    size_t taken = self->left < *length ? (size_t)self->left : *length;
    if (taken > 0 && !keep(self, *bytes, taken)) {
      *status = TOO_LARGE;
      return BROKEN;
    }
    *bytes += taken;
    *length -= taken;
    self->left -= taken;
    if (self->left > 0) continue;
    enum websocket_event event = end_frame(self, status);
    if (event != NOTHING) return event;
  }
  return NOTHING;
}

size_t frame_head(uint8_t out[10], int opcode, size_t length) {
  out[0] = (uint8_t)(0x80 | opcode);
  if (length < 126) {
    out[1] = (uint8_t)length;
    return 2;
  }
  unsigned count = length < 65536 ? 2 : 8;
  out[1] = count == 2 ? 126 : 127;
  for (unsigned i = 0; i < count; i++) out[2 + i] = (uint8_t)((uint64_t)length >> (8 * (count - 1 - i)));
  return 2 + count;
}

size_t handshake(char *out, size_t size, const char *key, size_t key_length, const char *subprotocol) {
  static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char text[MAX_KEY + sizeof guid];
  uint8_t digest[21] = {0};
  char accept[29];
  if (key_length == 0 || key_length > MAX_KEY) return 0;
  memcpy(text, key, key_length);
  memcpy(text + key_length, guid, sizeof guid - 1);
  sha1(text, key_length + sizeof guid - 1, digest);
  for (int i = 0; i < 7; i++) {
    uint32_t bits = (uint32_t)digest[3 * i] << 16 | (uint32_t)digest[3 * i + 1] << 8 | digest[3 * i + 2];
    for (int j = 0; j < 4; j++) accept[4 * i + j] = digits[bits >> (18 - 6 * j) & 63];
  }
  accept[27] = '=';
  accept[28] = 0;
  return (size_t)snprintf(out, size,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s%s%s\r\n\r\n",
                          accept, *subprotocol == 0 ? "" : "\r\nSec-WebSocket-Protocol: ", subprotocol);
}

void free_websocket(struct websocket *self) {
  if (self == NULL) return;
  free(self->message);
  free(self);
}
