#include "transfer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bucket.h"
#include "process.h"

/* After our last byte the other side has this long to close. */
#define LINGER_MS 250
/* When all is received, the rest must be sent within this time. */
#define FLUSH_MS 10000
#define READ_BYTES 65536

static struct bucket bucket;

void limit_network(double bits_per_second) { bucket = make_bucket(bits_per_second); }

void pause_source(struct stream *self, int pausing) { set_reading(self->source, pausing || self->resume_ms > 0); }

static int write_frame(struct stream *self, int opcode, const uint8_t *bytes, size_t length) {
  uint8_t head[10];
  return write_end(&self->client, head, frame_head(head, opcode, length)) && write_end(&self->client, bytes, length);
}

/* Sends the close frame once; 1005 = without a status. */
static void write_close(struct stream *self, int status) {
  uint8_t payload[2] = {(uint8_t)(status >> 8), (uint8_t)status};
  if (self->websocket->close_sent) return;
  self->websocket->close_sent = 1;
  write_frame(self, OPCODE_CLOSE, payload, status == 1005 ? 0 : 2);
}

static void write_answer(struct stream *self) {
  write_end(&self->client, self->answer, self->answer_length);
  free(self->answer);
  self->answer = NULL;
}

static void end_client(struct stream *self);

/* Shuts down our side when all is sent. After the sink's, the other side has LINGER_MS to close,
 * and an upload is answered. */
static void try_shut(struct end *end) {
  struct stream *self = end->stream;
  if (self->phase == RECEIVING || !shut_end(end) || self->phase != SENDING || end != self->sink) return;
  self->deadline_ms = now_ms() + LINGER_MS;
  if (end == &self->upstream) end_client(self);
  if (end->in == ENDED) finish_stream(self, "completed", done_detail(self));
}

/* Sends the client the last bytes that its transport needs. */
static void end_client(struct stream *self) {
  if (self->websocket != NULL) write_close(self, 1000);
  else if (self->answer != NULL) write_answer(self);
  else if (self->chunked_answer) write_end(&self->client, (const uint8_t *)"0\r\n\r\n", 5);
  try_shut(&self->client);
}

void finish_source(struct stream *self) {
  if (self->phase != RECEIVING) return;
  self->phase = SENDING;
  self->decoder->end(self->decoder);
  self->deadline_ms = now_ms() + (self->sink == NULL ? LINGER_MS : FLUSH_MS);
  if (self->sink == &self->upstream) try_shut(&self->upstream);
  else end_client(self);
}

/* Sends payload to the sink in the format of its transport. 0 = the sink has closed. */
static int pass_on(struct stream *self, const uint8_t *payload, size_t length) {
  if (self->sink == &self->client && self->websocket != NULL) return write_frame(self, OPCODE_BINARY, payload, length);
  if (self->sink != &self->client || !self->chunked_answer) return write_end(self->sink, payload, length);
  char size[16];
  return write_end(self->sink, (const uint8_t *)size, (size_t)snprintf(size, sizeof size, "%zx\r\n", length)) &&
         write_end(self->sink, payload, length) && write_end(self->sink, (const uint8_t *)"\r\n", 2);
}

static void take(struct stream *self, const uint8_t *payload, size_t length) {
  if (self->phase != RECEIVING) return;
  self->bytes_in += length;
  totals.bytes_in += length;
  if (self->max_bytes > 0 && (double)self->bytes_in > self->max_bytes) {
    finish_stream(self, "completed", "too-large");
    return;
  }
  self->decoder->push(self->decoder, payload, length, now_ms());
  if (self->sink == NULL) return;
  self->bytes_out += length;
  totals.bytes_out += length;
  if (!pass_on(self, payload, length)) {
    if (self->sink == &self->client) finish_stream(self, "completed", "client-gone");
    else finish_stream(self, "interrupted", "upstream-failed");
    return;
  }
  double now = now_ms();
  double wait_ms = take_tokens(&bucket, length, now);
  if (wait_ms > 0) self->resume_ms = now + wait_ms;
  if (wait_ms > 0 || self->sink->pending_length > HIGH_WATER) pause_source(self, 1);
}

/* The client closes: normally, or with the status of an error that it found. */
static void closed_by_client(struct stream *self, int status) {
  write_close(self, status);
  if (status != 1000 && status != 1001 && status != 1005) finish_stream(self, "completed", "malformed");
  else if (self->source == &self->client) finish_source(self);
  else finish_stream(self, "completed", self->phase == SENDING ? done_detail(self) : "client-gone");
}

static void take_messages(struct stream *self, const uint8_t *bytes, size_t length) {
  struct websocket *websocket = self->websocket;
  int status = 0;
  while (self->phase == RECEIVING || (self->phase == SENDING && self->source != &self->client)) {
    switch (read_websocket(websocket, &bytes, &length, &status)) {
      case MESSAGE: {
        size_t size = websocket->length;
        websocket->length = 0;
        if (self->source == &self->client) take(self, websocket->message, size);
        break;
      }
      case PING:
        /* A client that pings without reading gets only as many answers as fit into the buffer. */
        if (self->client.pending_length <= HIGH_WATER)
          write_frame(self, OPCODE_PONG, websocket->control, websocket->control_length);
        break;
      case CLOSE:
        closed_by_client(self, status);
        return;
      case BROKEN:
        write_close(self, status);
        finish_stream(self, "completed", "malformed");
        return;
      default:
        return;
    }
  }
}

void take_from_client(struct stream *self, const uint8_t *bytes, size_t length) {
  self->last_ms = now_ms();
  if (self->websocket != NULL) take_messages(self, bytes, length);
  else if (self->source == &self->client) {
    if (!push_inlet(&self->inlet, self, bytes, length, take)) finish_stream(self, "completed", "malformed");
    else if (inlet_done(&self->inlet)) finish_source(self);
  }
}

/* The other side has closed or failed. */
static void lost(struct end *end) {
  struct stream *self = end->stream;
  const int is_upload = self->sink == &self->upstream;
  if (self->phase == ANSWERING) drop_stream(self, 0);
  else if (end == &self->upstream && (self->phase == RECEIVING || (is_upload && end->out != SHUT)))
    finish_stream(self, "interrupted", "upstream-failed");
  else if (self->phase == RECEIVING) finish_stream(self, "completed", "client-gone");
  else if (end == self->sink || self->sink == NULL) finish_stream(self, "completed", done_detail(self));
  else close_end(end, 0);
}

/* The other side of an end sends no more. */
static void ended(struct end *end) {
  struct stream *self = end->stream;
  end_reading(end);
  /* A WebSocket that closes without a close frame counts as lost. */
  if (end == &self->client && self->websocket != NULL && self->phase == RECEIVING) lost(end);
  else if (end == self->source && self->phase == RECEIVING) {
    if (end != &self->client || inlet_may_end(&self->inlet)) finish_source(self);
    else finish_stream(self, "completed", "malformed");
  } else if (end == self->sink && end->out == SHUT) finish_stream(self, "completed", done_detail(self));
}

static void read_end(struct end *end) {
  static uint8_t buffer[READ_BYTES];
  struct stream *self = end->stream;
  ssize_t got = recv(end->fd, buffer, sizeof buffer, 0);
  if (got < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) lost(end);
  } else if (self->phase == ANSWERING) {
    if (got == 0) drop_stream(self, 0);
  } else if (got == 0) ended(end);
  else if (end == &self->client) take_from_client(self, buffer, (size_t)got);
  else {
    self->last_ms = now_ms();
    if (end == self->source) take(self, buffer, (size_t)got);
  }
}

static void send_more(struct end *end) {
  struct stream *self = end->stream;
  if (end->out == CONNECTING) {
    if (!connected(end)) {
      lost(end);
      return;
    }
    if (end == self->source && self->answer != NULL) write_answer(self);
  }
  if (end->pending_length > 0) self->last_ms = now_ms();
  if (!flush_end(end)) {
    lost(end);
    return;
  }
  if (end == self->sink && end->pending_length == 0) pause_source(self, 0);
  try_shut(end);
}

void serve(struct end *end, uint32_t events) {
  struct stream *self = end->stream;
  if (self->phase == OVER || end->fd < 0) return;
  if (events & EPOLLOUT) send_more(end);
  if (self->phase == OVER || end->fd < 0) return;
  if (events & EPOLLIN) read_end(end);
  else if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLOUT)) lost(end);
}
