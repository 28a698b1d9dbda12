/* Continuity counters, sections and programme clocks, as in src/live/mpegts/. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "mpegts.h"

#define PCR_HZ 27000000
#define WRAP_TICKS (8589934592LL * 300)
#define JITTER_GAIN 16

static struct pid_state *find_pid(struct continuity *self, unsigned pid) {
  for (int i = 0; i < self->count; i++)
    if (self->pids[i]->pid == pid) return self->pids[i];
  return NULL;
}

static void meet(struct continuity *self, unsigned pid, unsigned expected, const uint8_t *packet) {
  if (self->count >= MAX_PIDS) return;
  struct pid_state *state = calloc(1, sizeof *state);
  if (state == NULL) return;
  state->pid = (uint16_t)pid;
  state->expected = (uint8_t)expected;
  memcpy(state->last, packet, PACKET);
  self->pids[self->count++] = state;
}

enum verdict check_continuity(struct continuity *self, unsigned pid, unsigned counter, int payload, int announced,
                              const uint8_t *packet) {
  struct pid_state *state = find_pid(self, pid);
  if (state == NULL) {
    meet(self, pid, (counter + 1) & 15, packet);
    return EXPECTED;
  }
  if (!payload) return EXPECTED;
  unsigned ahead = (counter - state->expected) & 15;
  if (ahead == 15 && !announced && memcmp(state->last + 12, packet + 12, PACKET - 12) == 0) {
    if (state->repeats < 255) state->repeats++;
    if (state->repeats > 1) self->duplicates++;
    return REPEATED;
  }
  if (ahead >= 8 && !announced && (state->missing & 1u << counter)) {
    state->missing &= (uint16_t)~(1u << counter);
    self->lost--;
    self->reordered++;
    return LATE;
  }
  unsigned skipped = announced ? 0 : ahead;
  if (announced) state->missing = 0;
  self->lost += skipped;
  for (unsigned i = 0; i < skipped; i++) state->missing |= (uint16_t)(1u << ((state->expected + i) & 15));
  for (unsigned i = 0; i <= skipped; i++) state->missing &= (uint16_t)~(1u << ((counter + 8 - i) & 15));
  state->expected = (counter + 1) & 15;
  state->repeats = 0;
  memcpy(state->last, packet, PACKET);
  return skipped > 0 || (announced && ahead > 0) ? GAP : EXPECTED;
}

void free_continuity(struct continuity *self) {
  for (int i = 0; i < self->count; i++) free(self->pids[i]);
}

static struct assembly *find_assembly(struct sections *self, unsigned pid) {
  for (int i = 0; i < self->count; i++)
    if (self->assemblies[i].pid == pid) return &self->assemblies[i];
  return NULL;
}

static void add_table(struct sections *self, unsigned pid) {
  if (find_assembly(self, pid) != NULL || self->count >= MAX_TABLE_PIDS) return;
  self->assemblies[self->count++] = (struct assembly){.pid = (uint16_t)pid};
}

void init_sections(struct sections *self) {
  static const unsigned tables[] = {0x00, 0x01, 0x10, 0x11, 0x12};
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) add_table(self, tables[i]);
}

void interrupt_section(struct sections *self, unsigned pid) {
  struct assembly *assembly = find_assembly(self, pid);
  if (assembly == NULL) return;
  assembly->open = 0;
  assembly->length = 0;
}

static unsigned whole_length(const uint8_t *bytes) { return 3 + ((bytes[1] & 0x0fu) << 8 | bytes[2]); }

static int is_sound(const struct assembly *assembly) {
  uint8_t table = assembly->bytes[0];
  if (!(assembly->bytes[1] & 0x80)) return !(table <= 0x03 || (table >= 0x40 && table <= 0x6f));
  return assembly->length >= 12 && crc32_mpeg(assembly->bytes, assembly->length) == 0;
}

static void refuse(struct sections *self, struct assembly *assembly) {
  self->crc_errors++;
  assembly->open = 0;
  assembly->length = 0;
}

static void learn(struct sections *self, const uint8_t *bytes, unsigned length) {
  for (unsigned at = 8; at + 4 <= length - 4; at += 4) add_table(self, (bytes[at + 2] & 0x1fu) << 8 | bytes[at + 3]);
}

static void collect(struct sections *self, struct assembly *assembly, const uint8_t *from, const uint8_t *to) {
  if (assembly->bytes == NULL && (assembly->bytes = malloc(MAX_SECTION)) == NULL) return;
  while (from < to) {
    if (assembly->length == 0 && *from == 0xff) {
      assembly->open = 0;
      return;
    }
    unsigned whole = assembly->length < 3 ? 3 : whole_length(assembly->bytes);
    if (whole > MAX_SECTION) {
      refuse(self, assembly);
      return;
    }
    unsigned take = whole - assembly->length;
    if ((size_t)(to - from) < take) take = (unsigned)(to - from);
    memcpy(assembly->bytes + assembly->length, from, take);
    assembly->length += take;
    from += take;
    if (assembly->length < 3 || assembly->length < whole_length(assembly->bytes)) continue;
    if (!is_sound(assembly)) {
      refuse(self, assembly);
      return;
    }
    if (assembly->bytes[0] == 0) learn(self, assembly->bytes, assembly->length);
    assembly->length = 0;
  }
}

void section_payload(struct sections *self, unsigned pid, int starts, const uint8_t *from, const uint8_t *to) {
  struct assembly *assembly = find_assembly(self, pid);
  if (assembly == NULL || from >= to) return;
  if (!starts) {
    if (assembly->open) collect(self, assembly, from, to);
    return;
  }
  const uint8_t *begin = from + 1 + *from;
  if (begin > to) {
    assembly->open = 0;
    assembly->length = 0;
    return;
  }
  if (assembly->open) collect(self, assembly, from + 1, begin);
  if (assembly->open && assembly->length > 0) self->crc_errors++;
  assembly->open = 1;
  assembly->length = 0;
  collect(self, assembly, begin, to);
}

void free_sections(struct sections *self) {
  for (int i = 0; i < self->count; i++) free(self->assemblies[i].bytes);
}

int tick_clock(struct program_clock *self, unsigned pid, const uint8_t *bytes, int announced, double at_ms) {
  int64_t high = (int64_t)bytes[0] << 24 | (int64_t)bytes[1] << 16 | (int64_t)bytes[2] << 8 | bytes[3];
  int extension = (bytes[4] & 1) << 8 | bytes[5];
  if (extension >= 300) return 0;
  int64_t ticks = (high * 2 + (bytes[4] >> 7)) * 300 + extension;
  struct clock_tick *last = NULL;
  for (int i = 0; i < self->count && last == NULL; i++)
    if (self->last[i].pid == pid) last = &self->last[i];
  if (last == NULL) {
    if (self->count < MAX_CLOCKS) self->last[self->count++] = (struct clock_tick){(uint16_t)pid, ticks, at_ms};
    return 1;
  }
  if (!announced) {
    int64_t step = (ticks - last->ticks + WRAP_TICKS) % WRAP_TICKS;
    double late_ms = fabs(at_ms - last->at_ms - (double)step * 1000 / PCR_HZ);
    if (step > PCR_HZ / 10) self->errors++;
    else if (late_ms >= 0) self->jitter_ms += (late_ms - self->jitter_ms) / JITTER_GAIN;
  }
  last->ticks = ticks;
  last->at_ms = at_ms;
  return 1;
}
