#include "stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bucket.h"
#include "channel.h"
#include "formats.h"
#include "process.h"
#include "report.h"
#include "watch.h"

#define LINGER_MS 250
#define FLUSH_MS 10000
#define READ_BYTES 65536
#define HIGH_WATER 65536

struct totals totals;
static struct stream *streams;
static struct stream *finished;
static struct bucket bucket;

void limit_network(double bits_per_second) { bucket = make_bucket(bits_per_second); }

/* The last kind counts bytes, not errors. */
static int64_t error_sum(const struct quality *quality) {
  int64_t errors = 0;
  for (int i = 0; i < quality->kinds - 1; i++) errors += quality->count[i];
  return errors;
}

size_t list_degraded(char *text, size_t size) {
  size_t used = 0;
  text[0] = 0;
  for (const struct stream *self = streams; self != NULL && used + 24 < size; self = self->next) {
    struct quality quality = {0};
    if (self->decoder == NULL) continue;
    self->decoder->quality(self->decoder, &quality);
    if (error_sum(&quality) > 0) used += (size_t)snprintf(text + used, size - used, "%s%.0f", used == 0 ? "" : ",", self->id);
  }
  return used;
}

static void report_end(const struct stream *self, const char *end, const char *detail, const struct quality *quality) {
  char line[1536];
  const int64_t errors = error_sum(quality);
  char kinds[768] = "";
  size_t used = 0;
  for (int i = 0; i < quality->kinds; i++) {
    used += (size_t)snprintf(kinds + used, sizeof kinds - used, "%s\"%s\":%lld", i == 0 ? "" : ",", quality->kind[i],
                             (long long)quality->count[i]);
  }
  totals.errors += errors;
  char hand_over[32] = "null";
  if (self->hand_over_ms >= 0) snprintf(hand_over, sizeof hand_over, "%.6f", self->hand_over_ms);
  int length = snprintf(line, sizeof line,
                        "{\"kind\":\"ended\",\"stream\":%.0f,\"end\":\"%s\",\"detail\":\"%s\",\"units\":%llu,"
                        "\"bytesIn\":%llu,\"bytesOut\":%llu,\"errorCount\":%lld,\"errors\":{%s},\"jitterMs\":%.6f,"
                        "\"handOverMs\":%s}\n",
                        self->id, end, detail, (unsigned long long)quality->units, (unsigned long long)self->bytes_in,
                        (unsigned long long)self->bytes_out, (long long)errors, kinds, quality->jitter_ms, hand_over);
  report_line(line, (size_t)length);
}

static void close_end(struct end *end, int broken) {
  if (end->fd < 0) return;
  struct linger reset = {1, 0};
  if (broken) setsockopt(end->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close_watched(end->fd);
  end->fd = -1;
  free(end->pending);
  end->pending = NULL;
}

static void finish(struct stream *self, const char *how, const char *detail) {
  if (self->over) return;
  self->over = 1;
  struct quality quality = {0};
  if (self->decoder != NULL) {
    if (!self->source_done) self->decoder->end(self->decoder);
    self->decoder->quality(self->decoder, &quality);
    self->decoder->destroy(self->decoder);
  }
  int broken = strcmp(detail, "client-done") != 0 && strcmp(detail, "upstream-done") != 0;
  /* A reset would overtake the close frame that says why. */
  close_end(&self->client, broken && self->websocket == NULL);
  close_end(&self->upstream, broken);
  for (struct stream **link = &streams; *link != NULL; link = &(*link)->next) {
    if (*link != self) continue;
    *link = self->next;
    totals.open--;
    break;
  }
  self->next = finished;
  finished = self;
  report_end(self, how, quality.unrecognised && !broken ? "unrecognised" : detail, &quality);
}

void sweep_streams(void) {
  while (finished != NULL) {
    struct stream *next = finished->next;
    free_websocket(finished->websocket);
    free(finished->final_reply);
    free(finished);
    finished = next;
  }
}

static const char *done_detail(const struct stream *self) {
  return self->source == &self->client ? "client-done" : "upstream-done";
}

static void want(struct end *end) {
  if (end->fd < 0) return;
  uint32_t events = 0;
  if (!end->readable_done && !end->paused && !end->connecting) events |= EPOLLIN;
  if (end->want_write || end->connecting) events |= EPOLLOUT;
  watch_for(end->fd, events, end);
}

static void pause_source(struct stream *self, int paused) {
  if (self->resume_ms > 0) paused = 1;
  if (self->source->paused == paused) return;
  self->source->paused = paused;
  want(self->source);
}

/* Sends what it can, keeps the rest. 0 = the other side is gone. */
static int write_end(struct end *end, const uint8_t *bytes, size_t length) {
  if (end->fd < 0) return 0;
  while (length > 0 && end->pending_length == 0 && !end->connecting) {
    ssize_t sent = send(end->fd, bytes, length, MSG_NOSIGNAL);
    if (sent > 0) {
      bytes += sent;
      length -= (size_t)sent;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    else if (errno != EINTR) return 0;
  }
  if (length == 0) return 1;
  if (end->pending_length + length > end->pending_size) {
    size_t size = end->pending_length + length + HIGH_WATER;
    uint8_t *grown = realloc(end->pending, size);
    if (grown == NULL) return 0;
    end->pending = grown;
    end->pending_size = size;
  }
  memcpy(end->pending + end->pending_length, bytes, length);
  end->pending_length += length;
  end->want_write = 1;
  want(end);
  return 1;
}

/* Shuts our side once all is sent. */
static void try_shut(struct end *end) {
  struct stream *self = end->stream;
  if (!end->finishing || end->shut || end->pending_length > 0 || end->connecting || end->fd < 0) return;
  end->shut = 1;
  shutdown(end->fd, SHUT_WR);
  if (end != self->sink || !self->source_done) return;
  self->deadline_ms = now_ms() + LINGER_MS;
  if (end->readable_done) finish(self, "completed", done_detail(self));
}

static int write_frame(struct stream *self, int opcode, const uint8_t *bytes, size_t length) {
  uint8_t head[10];
  return write_end(&self->client, head, frame_head(head, opcode, length)) && write_end(&self->client, bytes, length);
}

/* Once; 1005 = without a status. */
static void say_close(struct stream *self, int status) {
  uint8_t payload[2] = {(uint8_t)(status >> 8), (uint8_t)status};
  if (self->websocket->close_sent) return;
  self->websocket->close_sent = 1;
  write_frame(self, OPCODE_CLOSE, payload, status == 1005 ? 0 : 2);
}

/* What the transport says after the last byte. */
static void say_end(struct stream *self) {
  if (self->websocket != NULL) say_close(self, 1000);
  else if (self->final_reply != NULL) write_end(&self->client, self->final_reply, self->final_length);
  else if (self->chunked_answer) write_end(&self->client, (const uint8_t *)"0\r\n\r\n", 5);
}

static void finish_source(struct stream *self) {
  if (self->over || self->source_done) return;
  self->source_done = 1;
  self->decoder->end(self->decoder);
  self->deadline_ms = now_ms() + (self->sink == NULL ? LINGER_MS : FLUSH_MS);
  if (self->sink == &self->client) say_end(self);
  if (self->sink != NULL) {
    self->sink->finishing = 1;
    try_shut(self->sink);
  }
  if (self->over || self->sink == &self->client) return;
  say_end(self);
  self->client.finishing = 1;
  try_shut(&self->client);
}

static void take(struct stream *self, const uint8_t *payload, size_t length) {
  if (self->over || self->source_done) return;
  self->bytes_in += length;
  totals.bytes_in += length;
  if (self->max_bytes > 0 && (double)self->bytes_in > self->max_bytes) {
    finish(self, "completed", "too-large");
    return;
  }
  self->decoder->push(self->decoder, payload, length, now_ms());
  if (self->sink == NULL) return;
  self->bytes_out += length;
  totals.bytes_out += length;
  int there = 1;
  if (self->sink == &self->client && self->websocket != NULL) there = write_frame(self, OPCODE_BINARY, payload, length);
  else if (self->sink == &self->client && self->chunked_answer) {
    char size[16];
    there = write_end(self->sink, (const uint8_t *)size, (size_t)snprintf(size, sizeof size, "%zx\r\n", length)) &&
            write_end(self->sink, payload, length) && write_end(self->sink, (const uint8_t *)"\r\n", 2);
  } else there = write_end(self->sink, payload, length);
  if (!there) {
    if (self->sink == &self->client) finish(self, "completed", "client-gone");
    else finish(self, "interrupted", "upstream-failed");
    return;
  }
  double now = now_ms();
  double wait_ms = take_tokens(&bucket, length, now);
  if (wait_ms > 0) {
    self->resume_ms = now + wait_ms;
    pause_source(self, 1);
  }
  if (self->sink->pending_length > HIGH_WATER) pause_source(self, 1);
}

/* The client closes: regularly, or with a status that says what it did not like. */
static void closed_by_client(struct stream *self, int status) {
  say_close(self, status);
  if (status != 1000 && status != 1001 && status != 1005) finish(self, "completed", "malformed");
  else if (self->source == &self->client) finish_source(self);
  else finish(self, "completed", self->source_done ? done_detail(self) : "client-gone");
}

static void take_messages(struct stream *self, const uint8_t *bytes, size_t length) {
  struct websocket *websocket = self->websocket;
  int status = 0;
  while (!self->over && !(self->source_done && self->source == &self->client)) {
    switch (read_websocket(websocket, &bytes, &length, &status)) {
      case MESSAGE: {
        size_t size = websocket->length;
        websocket->length = 0;
        if (self->source == &self->client) take(self, websocket->message, size);
        break;
      }
      case PING:
        /* One that pings without reading gets no more answers than fit. */
        if (self->client.pending_length <= HIGH_WATER)
          write_frame(self, OPCODE_PONG, websocket->control, websocket->control_length);
        break;
      case CLOSE:
        closed_by_client(self, status);
        return;
      case BROKEN:
        say_close(self, status);
        finish(self, "completed", "malformed");
        return;
      default:
        return;
    }
  }
}

static void take_from(struct end *end, const uint8_t *bytes, size_t length) {
  struct stream *self = end->stream;
  self->last_ms = now_ms();
  if (end != self->source && end != &self->client) return;
  if (end == &self->upstream) take(self, bytes, length);
  else if (self->websocket != NULL) take_messages(self, bytes, length);
  else if (self->source == end) {
    if (!push_inlet(&self->inlet, self, bytes, length, take)) finish(self, "completed", "malformed");
    else if (inlet_done(&self->inlet)) finish_source(self);
  }
}

static void lost(struct end *end) {
  struct stream *self = end->stream;
  if (self->source_done && (end == self->sink || self->sink == NULL)) finish(self, "completed", done_detail(self));
  else if (self->source_done) close_end(end, 0);
  else if (end == &self->client) finish(self, "completed", "client-gone");
  else finish(self, "interrupted", "upstream-failed");
}

static void read_end(struct end *end) {
  static uint8_t buffer[READ_BYTES];
  struct stream *self = end->stream;
  ssize_t got = recv(end->fd, buffer, sizeof buffer, 0);
  if (got > 0) {
    take_from(end, buffer, (size_t)got);
    return;
  }
  if (got < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) lost(end);
    return;
  }
  end->readable_done = 1;
  want(end);
  if (end == &self->client && self->websocket != NULL && !self->source_done) {
    /* It went without a close frame. */
    lost(end);
    return;
  }
  if (end == self->source && !self->source_done) {
    if (end != &self->client || inlet_may_end(&self->inlet)) finish_source(self);
    else finish(self, "completed", "malformed");
  } else if (end == self->sink && end->shut) finish(self, "completed", done_detail(self));
}

static void flush_end(struct end *end) {
  struct stream *self = end->stream;
  if (end->connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(end->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      finish(self, "interrupted", "upstream-failed");
      return;
    }
    end->connecting = 0;
  }
  if (end->pending_length > 0) {
    ssize_t sent = send(end->fd, end->pending, end->pending_length, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) lost(end);
      return;
    }
    self->last_ms = now_ms();
    end->pending_length -= (size_t)sent;
    memmove(end->pending, end->pending + sent, end->pending_length);
  }
  end->want_write = end->pending_length > 0;
  want(end);
  if (end == self->sink && end->pending_length == 0) pause_source(self, 0);
  try_shut(end);
}

void serve(struct end *end, uint32_t events) {
  struct stream *self = end->stream;
  if (self->over || end->fd < 0) return;
  if (events & EPOLLOUT) flush_end(end);
  if (self->over || end->fd < 0) return;
  if (events & EPOLLIN) read_end(end);
  else if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLOUT)) lost(end);
}

/* 0 if it cannot be watched; the stream has it all the same, and closes it. */
static int add_end(struct stream *self, struct end *end, int fd, int connecting) {
  int yes = 1;
  end->stream = self;
  end->fd = fd;
  end->connecting = connecting;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return watch(fd, connecting ? EPOLLOUT : EPOLLIN, end);
}

/* Addresses only: a resolver would block every other stream. −1 = it cannot be. */
static int connect_upstream(const char *json) {
  char host[64];
  if (!json_text(json, "host", host, sizeof host)) return -1;
  uint16_t port = htons((uint16_t)json_number(json, "port", 0));
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = port};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = port};
  int is_v4 = inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &v4.sin_addr) == 1;
  if (!is_v4 && inet_pton(AF_INET6, host, &v6.sin6_addr) != 1) return -1;
  int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int failed = is_v4 ? connect(fd, (struct sockaddr *)&v4, sizeof v4) : connect(fd, (struct sockaddr *)&v6, sizeof v6);
  if (failed != 0 && errno != EINPROGRESS) {
    close(fd);
    return -1;
  }
  return fd;
}

static int set_transport(struct stream *self, const char *transport, double body_bytes) {
  self->chunked_answer = strcmp(transport, "raw") != 0;
  if (strcmp(transport, "raw") == 0) self->inlet.kind = RAW;
  else if (strcmp(transport, "chunked") == 0) self->inlet.kind = CHUNKED;
  else if (strcmp(transport, "length") == 0) self->inlet = (struct inlet){.kind = LENGTH, .left = body_bytes};
  else if (strcmp(transport, "download") == 0) self->inlet = (struct inlet){.kind = LENGTH};
  else if (strcmp(transport, "websocket") == 0) {
    self->inlet.kind = RAW;
    self->chunked_answer = 0;
    self->websocket = calloc(1, sizeof *self->websocket);
    if (self->websocket == NULL) out_of_memory();
  } else return 0;
  return 1;
}

static void keep_final_reply(struct stream *self, const char *json) {
  static char text[MAX_LINE];
  if (!json_text(json, "finalReply", text, sizeof text)) return;
  self->final_reply = malloc(strlen(text) + 1);
  if (self->final_reply == NULL) out_of_memory();
  long length = decode_base64(text, self->final_reply, strlen(text));
  self->final_length = length < 0 ? 0 : (size_t)length;
}

static void send_base64(struct stream *self, const char *json, const char *key, int to_client) {
  static char text[MAX_LINE];
  static uint8_t bytes[MAX_LINE];
  if (!json_text(json, key, text, sizeof text)) return;
  long length = decode_base64(text, bytes, sizeof bytes);
  if (length <= 0) return;
  if (to_client && self->websocket != NULL) {
    char answer[512], subprotocol[MAX_SUBPROTOCOL + 1] = "";
    json_text(json, "subprotocol", subprotocol, sizeof subprotocol);
    write_end(&self->client, (const uint8_t *)answer,
              handshake(answer, sizeof answer, (const char *)bytes, (size_t)length, subprotocol));
  } else if (to_client) write_end(&self->client, bytes, (size_t)length);
  else take_from(&self->client, bytes, (size_t)length);
}

void open_stream(const char *json, int socket) {
  struct stream *self = calloc(1, sizeof *self);
  char format[32], transport[32], to[32], coding[16];
  if (self == NULL) out_of_memory();
  self->id = json_number(json, "stream", 0);
  self->client.fd = self->upstream.fd = -1;
  self->last_ms = now_ms();
  self->hand_over_ms = -1;
  self->max_bytes = json_number(json, "maxBytes", 0);
  self->idle_ms = json_number(json, "idleTimeoutMs", 0);
  self->next = streams;
  streams = self;
  totals.open++;
  int known = json_text(json, "format", format, sizeof format) && json_text(json, "transport", transport, sizeof transport) &&
              json_text(json, "to", to, sizeof to) && set_transport(self, transport, json_number(json, "bodyBytes", 0));
  self->decoder = known ? create_decoder(format) : NULL;
  int watched = socket >= 0 && add_end(self, &self->client, socket, 0);
  if (!watched || self->decoder == NULL) {
    finish(self, socket < 0 ? "completed" : "interrupted", socket < 0 ? "client-gone" : "refused");
    return;
  }
  self->hand_over_ms = self->last_ms - json_number(json, "givenAtMs", self->last_ms);
  int download = strcmp(to, "client-from") == 0;
  if (download || strcmp(to, "upstream") == 0) {
    int fd = connect_upstream(json);
    if (fd < 0) {
      finish(self, "interrupted", "upstream-failed");
      return;
    }
    if (!add_end(self, &self->upstream, fd, 1)) {
      finish(self, "interrupted", "upstream-failed");
      return;
    }
  }
  self->source = download ? &self->upstream : &self->client;
  self->sink = strcmp(to, "upstream") == 0 ? &self->upstream : strcmp(to, "nowhere") == 0 ? NULL : &self->client;
  if (json_text(json, "answerCoding", coding, sizeof coding) && strcmp(coding, "none") == 0) self->chunked_answer = 0;
  keep_final_reply(self, json);
  send_base64(self, json, "reply", 1);
  send_base64(self, json, "head", 0);
  if (!self->over && self->source == &self->client && inlet_done(&self->inlet)) finish_source(self);
}

void close_stream(double id) {
  for (struct stream *self = streams; self != NULL; self = self->next) {
    if (self->id != id) continue;
    finish(self, "interrupted", "closed");
    return;
  }
}

void end_streams(void) {
  while (streams != NULL) finish(streams, "interrupted", "closed");
}

int look_after_streams(void) {
  double now = now_ms();
  double next = -1;
  for (struct stream *self = streams, *after; self != NULL; self = after) {
    after = self->next;
    if (self->resume_ms > 0 && self->resume_ms <= now) {
      self->resume_ms = 0;
      self->last_ms = now;
      if (self->sink->pending_length == 0) pause_source(self, 0);
    }
    if (self->resume_ms > 0 && (next < 0 || self->resume_ms < next)) next = self->resume_ms;
    int waits = self->resume_ms > now;
    double due = self->deadline_ms > 0 ? self->deadline_ms : self->idle_ms > 0 && !waits ? self->last_ms + self->idle_ms : -1;
    if (due < 0) continue;
    if (due <= now) finish(self, "completed", self->deadline_ms > 0 ? done_detail(self) : "idle");
    else if (next < 0 || due < next) next = due;
  }
  return next < 0 ? -1 : (int)(next - now) + 1;
}
