/* Continuity counters, as in src/live/formats/mpegts/continuity.ts. */
#include <stdlib.h>
#include <string.h>

#include "mpegts.h"

#define LATE_WINDOW 8
#define MAX_EXCUSED 64
#define SLOW_SPACING 32

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
  state->met_at = self->packets;
  memcpy(state->last, packet, PACKET);
  self->pids[self->count++] = state;
}

static uint16_t bit_of(unsigned counter) { return (uint16_t)(1u << (counter & 15)); }

static enum verdict restart(struct pid_state *state, unsigned counter, unsigned due) {
  int continues = state->expected == due;
  state->expected = (counter + 1) & 15;
  state->missing = 0;
  state->jump = 0;
  state->repeats = 0;
  return continues ? EXPECTED : GAP;
}

static int is_slow(const struct continuity *self, const struct pid_state *state) {
  return self->packets - state->met_at > SLOW_SPACING * state->seen;
}

/* Whether this packet shows that the last step forward was wrong. Then its losses are taken
   back. */
static int refutes(struct continuity *self, struct pid_state *state, unsigned counter) {
  unsigned since = (counter - state->jump_from) & 15;
  if (counter == state->expected) return 0;
  int damaged_counter = since == 1 && state->jump_late == 0;
  int too_late = state->jump >= LATE_WINDOW || is_slow(self, state);
  int all_late = since == state->jump && state->jump_late == state->jump;
  int stranger = (since == 0 && state->jump_late == 0 && too_late) || all_late;
  if (!damaged_counter && !stranger) return 0;
  self->lost -= state->jump - state->jump_late;
  self->reordered -= state->jump_late;
  if (damaged_counter) self->damaged_counters++;
  state->jump = 0;
  return 1;
}

static void step_to(struct continuity *self, struct pid_state *state, unsigned counter, unsigned ahead) {
  unsigned excused = (unsigned)self->excused < ahead ? (unsigned)self->excused : ahead;
  self->excused -= (int)excused;
  self->lost += ahead - excused;
  state->jump_from = state->expected;
  state->jump = excused > 0 ? 0 : (uint8_t)ahead;
  state->jump_late = 0;
  if (excused == 0)
    for (unsigned i = 0; i < ahead; i++) state->missing |= bit_of(state->expected + i);
  for (unsigned i = 0; i <= ahead; i++) state->missing &= (uint16_t)~bit_of(counter + LATE_WINDOW - i);
  state->expected = (counter + 1) & 15;
  state->repeats = 0;
}

enum verdict check_continuity(struct continuity *self, unsigned pid, unsigned counter, int payload, int announced,
                              const uint8_t *packet) {
  struct pid_state *state = find_pid(self, pid);
  self->packets++;
  if (state == NULL) {
    meet(self, pid, (counter + 1) & 15, packet);
    return EXPECTED;
  }
  state->seen++;
  if (!payload) return announced ? restart(state, counter, (counter + 1) & 15) : EXPECTED;
  unsigned ahead = (counter - state->expected) & 15;
  if (ahead == 15 && !announced && memcmp(state->last + 12, packet + 12, PACKET - 12) == 0) {
    if (state->repeats < 255) state->repeats++;
    if (state->repeats > 1) self->duplicates++;
    return REPEATED;
  }
  if (ahead == 15 && !announced && state->jump == 0 && is_slow(self, state)) return LATE;
  if (announced) {
    memcpy(state->last, packet, PACKET);
    return restart(state, counter, counter);
  }
  if (state->jump > 0 && refutes(self, state, counter)) {
    state->expected = (counter + 1) & 15;
    state->missing = 0;
    state->repeats = 0;
    memcpy(state->last, packet, PACKET);
    return EXPECTED;
  }
  if (ahead >= LATE_WINDOW && (state->missing & bit_of(counter))) {
    if (((counter - state->jump_from) & 15) == state->jump_late) state->jump_late++;
    state->missing &= (uint16_t)~bit_of(counter);
    self->lost--;
    self->reordered++;
    return LATE;
  }
  step_to(self, state, counter, ahead);
  memcpy(state->last, packet, PACKET);
  return ahead > 0 ? GAP : EXPECTED;
}

void excuse_any(struct continuity *self, uint64_t packets) {
  self->excused = packets > MAX_EXCUSED || self->excused + (int)packets > MAX_EXCUSED ? MAX_EXCUSED
                                                                                      : self->excused + (int)packets;
}

void excuse_packet(struct continuity *self, unsigned pid, unsigned counter, int payload) {
  struct pid_state *state = find_pid(self, pid);
  if (!payload || state == NULL || state->expected != counter) {
    excuse_any(self, 1);
    return;
  }
  state->expected = (counter + 1) & 15;
  state->missing &= (uint16_t)~bit_of(counter + LATE_WINDOW);
  state->jump = 0;
}

void free_continuity(struct continuity *self) {
  for (int i = 0; i < self->count; i++) free(self->pids[i]);
}
