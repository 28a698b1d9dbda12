#include "order.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "formats.h"
#include "process.h"
#include "transfer.h"

/* Accepts addresses, not names: a name lookup would block all other streams. −1 = failed. */
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

static void keep_answer(struct stream *self, const char *json, const char *key) {
  static char text[MAX_LINE];
  if (!json_text(json, key, text, sizeof text)) return;
  self->answer = malloc(strlen(text) + 1);
  if (self->answer == NULL) out_of_memory();
  long length = decode_base64(text, self->answer, strlen(text));
  self->answer_length = length < 0 ? 0 : (size_t)length;
}

/* Decodes a text of the order. The bytes are valid until the next call. Returns their length, 0 if
 * absent. */
static size_t bytes_of(const char *json, const char *key, const uint8_t **bytes) {
  static char text[MAX_LINE];
  static uint8_t decoded[MAX_LINE];
  *bytes = decoded;
  if (!json_text(json, key, text, sizeof text)) return 0;
  long length = decode_base64(text, decoded, sizeof decoded);
  return length < 0 ? 0 : (size_t)length;
}

/* The first bytes to the client. */
static void reply(struct stream *self, const char *json) {
  const uint8_t *bytes;
  const size_t length = bytes_of(json, "reply", &bytes);
  if (length == 0) return;
  if (self->websocket == NULL) {
    write_end(&self->client, bytes, length);
    return;
  }
  char answer[512], subprotocol[MAX_SUBPROTOCOL + 1] = "";
  json_text(json, "subprotocol", subprotocol, sizeof subprotocol);
  size_t answered = handshake(answer, sizeof answer, (const char *)bytes, length, subprotocol);
  write_end(&self->client, (const uint8_t *)answer, answered);
}

/* Connects its upstream, if it has one, as source or sink. 0 = the connection failed. */
static int connect_ends(struct stream *self, const char *json, const char *to) {
  const int download = strcmp(to, "client-from") == 0, upload = strcmp(to, "upstream") == 0;
  self->source = download ? &self->upstream : &self->client;
  self->sink = upload ? &self->upstream : strcmp(to, "nowhere") == 0 ? NULL : &self->client;
  if (!download && !upload) return 1;
  const int fd = connect_upstream(json);
  return fd >= 0 && begin_end(&self->upstream, self, fd, 1);
}

void open_stream(const char *json, int socket) {
  char format[32], transport[32], to[32], coding[16];
  struct stream *self = add_stream(json_number(json, "stream", 0));
  self->max_bytes = json_number(json, "maxBytes", 0);
  self->idle_ms = json_number(json, "idleTimeoutMs", 0);
  int known = json_text(json, "format", format, sizeof format) &&
              json_text(json, "transport", transport, sizeof transport) &&
              json_text(json, "to", to, sizeof to) && set_transport(self, transport, json_number(json, "bodyBytes", 0));
  self->decoder = known ? create_served_decoder(format) : NULL;
  int watched = socket >= 0 && begin_end(&self->client, self, socket, 0);
  if (!watched || self->decoder == NULL) {
    finish_stream(self, socket < 0 ? "completed" : "interrupted", socket < 0 ? "client-gone" : "refused");
    return;
  }
  self->hand_over_ms = self->last_ms - json_number(json, "givenAtMs", self->last_ms);
  if (json_text(json, "answerCoding", coding, sizeof coding) && strcmp(coding, "none") == 0) self->chunked_answer = 0;
  const int download = strcmp(to, "client-from") == 0 && self->websocket == NULL;
  keep_answer(self, json, download ? "reply" : "finalReply");
  if (!download) reply(self, json);
  if (!connect_ends(self, json, to)) {
    finish_stream(self, "interrupted", "upstream-failed");
    return;
  }
  const uint8_t *head;
  const size_t length = bytes_of(json, "head", &head);
  if (length > 0) take_from_client(self, head, length);
  if (self->phase == RECEIVING && self->source == &self->client && inlet_done(&self->inlet)) finish_source(self);
}
