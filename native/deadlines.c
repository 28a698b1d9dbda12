#include "deadlines.h"

#include <stddef.h>

#include "process.h"
#include "transfer.h"

/* A deadline has passed: a wait ends, or the client was silent for too long. */
static void end_overdue(struct stream *self) {
  if (self->phase == ANSWERING) drop_stream(self, 0);
  else if (self->phase == RECEIVING) finish_stream(self, "completed", "idle");
  else if (self->sink == &self->upstream && self->upstream.out != SHUT)
    finish_stream(self, "interrupted", "upstream-failed");
  else finish_stream(self, "completed", done_detail(self));
}

/* When the stream needs attention without an event; −1 = never. */
static double due_ms(const struct stream *self) {
  if (self->deadline_ms > 0) return self->deadline_ms;
  return self->idle_ms > 0 && self->resume_ms == 0 ? self->last_ms + self->idle_ms : -1;
}

int look_after_streams(void) {
  double now = now_ms();
  double next = -1;
  for (struct stream *self = first_stream(), *after; self != NULL; self = after) {
    after = self->next;
    if (self->resume_ms > 0 && self->resume_ms <= now) {
      self->resume_ms = 0;
      self->last_ms = now;
      if (self->sink->pending_length == 0) pause_source(self, 0);
    }
    if (self->resume_ms > 0 && (next < 0 || self->resume_ms < next)) next = self->resume_ms;
    const double due = due_ms(self);
    if (due < 0) continue;
    if (due <= now) end_overdue(self);
    else if (next < 0 || due < next) next = due;
  }
  return next < 0 ? -1 : (int)(next - now) + 1;
}
