/* Programme clocks, as in src/live/formats/mpegts/program-clock.ts. */
#include <math.h>
#include <stddef.h>

#include "mpegts.h"

#define PCR_HZ 27000000
#define WRAP_TICKS (8589934592LL * 300)
#define MAX_STEP_TICKS (PCR_HZ / 10)
#define JITTER_GAIN 16

static int64_t step_between(int64_t from, int64_t to) { return (to - from + WRAP_TICKS) % WRAP_TICKS; }

/* Returns the previous reference of a step that is out of bounds, or −1. */
static int64_t judge(struct program_clock *self, const struct clock_tick *last, int64_t ticks, double at_ms) {
  int64_t step = step_between(last->ticks, ticks);
  if (step > MAX_STEP_TICKS) {
    if (last->before >= 0 && step_between(last->before, ticks) <= 2 * MAX_STEP_TICKS) return -1;
    self->errors++;
    return last->ticks;
  }
  double late_ms = fabs(at_ms - last->at_ms - (double)step * 1000 / PCR_HZ);
  if (late_ms >= 0) self->jitter_ms += (late_ms - self->jitter_ms) / JITTER_GAIN;
  return -1;
}

int tick_clock(struct program_clock *self, unsigned pid, const uint8_t *bytes, int announced, double at_ms,
               int64_t damages) {
  int64_t high = (int64_t)bytes[0] << 24 | (int64_t)bytes[1] << 16 | (int64_t)bytes[2] << 8 | bytes[3];
  int extension = (bytes[4] & 1) << 8 | bytes[5];
  if (extension >= 300) return 0;
  int64_t ticks = (high * 2 + (bytes[4] >> 7)) * 300 + extension;
  struct clock_tick *last = NULL;
  for (int i = 0; i < self->count && last == NULL; i++)
    if (self->last[i].pid == pid) last = &self->last[i];
  if (last == NULL) {
    const struct clock_tick first = {(uint16_t)pid, ticks, damages, -1, at_ms};
    if (self->count < MAX_CLOCKS) self->last[self->count++] = first;
    return 1;
  }
  last->before = !announced && last->damages == damages ? judge(self, last, ticks, at_ms) : -1;
  last->ticks = ticks;
  last->damages = damages;
  last->at_ms = at_ms;
  return 1;
}
