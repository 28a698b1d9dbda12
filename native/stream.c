#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "process.h"
#include "report.h"

/* A client has this long to read why its stream failed. Closing at once, while it still sends,
 * would reset the connection, and the answer would be lost. */
#define ANSWER_MS 1000

struct totals totals;
static struct stream *streams;
static struct stream *finished;

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
    if (error_sum(&quality) == 0) continue;
    used += (size_t)snprintf(text + used, size - used, "%s%.0f", used == 0 ? "" : ",", self->id);
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

struct stream *add_stream(double id) {
  struct stream *self = calloc(1, sizeof *self);
  if (self == NULL) out_of_memory();
  self->id = id;
  self->client.fd = self->upstream.fd = -1;
  self->last_ms = now_ms();
  self->hand_over_ms = -1;
  self->next = streams;
  streams = self;
  totals.open++;
  return self;
}

void drop_stream(struct stream *self, int broken) {
  self->phase = OVER;
  close_end(&self->client, broken);
  for (struct stream **link = &streams; *link != NULL; link = &(*link)->next) {
    if (*link != self) continue;
    *link = self->next;
    break;
  }
  self->next = finished;
  finished = self;
}

/* Sends the reason of the failure to a client that has no answer yet. 0 = there is no reason to
 * send, or no connection to send it on. */
static int answer_failure(struct stream *self, const char *detail) {
  char text[MAX_FAILURE_ANSWER];
  if (self->answer == NULL) return 0;
  const size_t length = failure_answer(text, detail, self->inlet.kind != RAW);
  if (length == 0 || !write_end(&self->client, (const uint8_t *)text, length)) return 0;
  set_reading(&self->client, 0);
  shut_end(&self->client);
  self->deadline_ms = now_ms() + ANSWER_MS;
  self->resume_ms = 0;
  return 1;
}

void finish_stream(struct stream *self, const char *how, const char *detail) {
  if (self->phase == ANSWERING || self->phase == OVER) return;
  struct quality quality = {0};
  if (self->decoder != NULL) {
    if (self->phase == RECEIVING) self->decoder->end(self->decoder);
    self->decoder->quality(self->decoder, &quality);
    self->decoder->destroy(self->decoder);
    self->decoder = NULL;
  }
  const int broken = strcmp(detail, "client-done") != 0 && strcmp(detail, "upstream-done") != 0;
  close_end(&self->upstream, broken);
  if (broken && answer_failure(self, detail)) self->phase = ANSWERING;
  /* A reset could arrive before the close frame with the reason. */
  else drop_stream(self, broken && self->websocket == NULL);
  totals.open--;
  report_end(self, how, quality.unrecognised && !broken ? "unrecognised" : detail, &quality);
}

void sweep_streams(void) {
  while (finished != NULL) {
    struct stream *next = finished->next;
    free_websocket(finished->websocket);
    free(finished->answer);
    free(finished);
    finished = next;
  }
}

void close_stream(double id) {
  for (struct stream *self = streams; self != NULL; self = self->next) {
    if (self->id != id || self->phase == ANSWERING) continue;
    finish_stream(self, "interrupted", "closed");
    return;
  }
}

struct stream *first_stream(void) { return streams; }

void end_streams(void) {
  while (streams != NULL) {
    struct stream *self = streams;
    finish_stream(self, "interrupted", "closed");
    if (self->phase == ANSWERING) drop_stream(self, 0);
  }
}

const char *done_detail(const struct stream *self) {
  return self->source == &self->client ? "client-done" : "upstream-done";
}
