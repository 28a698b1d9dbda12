/* MPEG-2 transport streams; every rule is that of src/live/formats/mpegts.ts and src/live/mpegts/. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "mpegts.h"

#define SYNC 0x47
#define NULL_PID 0x1fff
#define SYNC_RUN 3
#define LOOK_AHEAD ((SYNC_RUN - 1) * PACKET + 1)
#define CARRY (4 * LOOK_AHEAD)

struct mpegts {
  struct decoder base;
  uint64_t packets;
  int unlocked;
  int64_t sync_byte_errors, sync_losses, skipped, transport_errors, malformed, truncated;
  struct continuity continuity;
  struct sections sections;
  struct program_clock clock;
  uint8_t carry[CARRY];
  size_t carried;
};

static void packet(struct mpegts *self, const uint8_t *data, double at_ms) {
  self->packets++;
  if (data[1] & 0x80) {
    self->transport_errors++;
    return;
  }
  unsigned pid = (data[1] & 0x1fu) << 8 | data[2];
  if (pid == NULL_PID) return;
  unsigned control = data[3] >> 4 & 3;
  int adaptation = control & 2 ? data[4] : -1;
  if (control == 0 || adaptation > (control == 2 ? 183 : 182)) {
    self->malformed++;
    return;
  }
  unsigned flags = adaptation > 0 ? data[5] : 0;
  int announced = (flags & 0x80) != 0;
  int payload = (control & 1) != 0;
  enum verdict verdict = check_continuity(&self->continuity, pid, data[3] & 15, payload, announced, data);
  if (verdict == REPEATED) return;
  if (verdict == GAP) interrupt_section(&self->sections, pid);
  if (flags & 0x10) {
    if (adaptation < 7 || !tick_clock(&self->clock, pid, data + 6, announced, at_ms)) self->malformed++;
  }
  if (payload && verdict != LATE)
    section_payload(&self->sections, pid, (data[1] & 0x40) != 0, data + 5 + adaptation, data + PACKET);
}

static int runs_from(const uint8_t *data, size_t length, size_t at) {
  for (size_t i = 1; i < SYNC_RUN; i++)
    if (at + i * PACKET < length && data[at + i * PACKET] != SYNC) return 0;
  return 1;
}

static size_t search(struct mpegts *self, const uint8_t *data, size_t length, size_t at, int last) {
  for (; at < length; at++) {
    if (data[at] == SYNC) {
      if (at + LOOK_AHEAD > length && !last) break;
      if (runs_from(data, length, at)) {
        self->unlocked = 0;
        break;
      }
    }
    self->skipped++;
  }
  return at;
}

static size_t judge(struct mpegts *self, const uint8_t *data, size_t length, double at_ms, int last) {
  size_t at = 0;
  for (;;) {
    if (self->unlocked) {
      at = search(self, data, length, at, last);
      if (self->unlocked) return at;
    }
    if (at + PACKET > length) return at;
    if (data[at] != SYNC) {
      if (at + PACKET == length && !last) return at;
      if (at + PACKET < length && data[at + PACKET] != SYNC) {
        self->sync_losses++;
        self->unlocked = 1;
        continue;
      }
      self->sync_byte_errors++;
    }
    packet(self, data + at, at_ms);
    at += PACKET;
  }
}

static void push(struct decoder *base, const uint8_t *bytes, size_t length, double at_ms) {
  struct mpegts *self = (struct mpegts *)base;
  size_t at = 0;
  while (self->carried > 0 && at < length) {
    size_t before = self->carried;
    size_t added = length - at < CARRY - before ? length - at : CARRY - before;
    memcpy(self->carry + before, bytes + at, added);
    size_t judged = judge(self, self->carry, before + added, at_ms, 0);
    if (judged >= before) {
      at += judged - before;
      self->carried = 0;
    } else {
      self->carried = before + added - judged;
      memmove(self->carry, self->carry + judged, self->carried);
      at += added;
    }
  }
  if (at >= length) return;
  size_t judged = judge(self, bytes + at, length - at, at_ms, 0);
  self->carried = length - at - judged;
  memcpy(self->carry, bytes + at + judged, self->carried);
}

static void end(struct decoder *base) {
  struct mpegts *self = (struct mpegts *)base;
  size_t judged = judge(self, self->carry, self->carried, NAN, 1);
  if (self->carried > judged) self->truncated++;
  self->carried = 0;
}

static void quality(const struct decoder *base, struct quality *out) {
  const struct mpegts *self = (const struct mpegts *)base;
  out->units = self->packets;
  out->jitter_ms = self->clock.jitter_ms;
  out->kinds = 0;
  add_kind(out, "syncLosses", self->sync_losses);
  add_kind(out, "syncByteErrors", self->sync_byte_errors);
  add_kind(out, "transportErrors", self->transport_errors);
  add_kind(out, "lostPackets", self->continuity.lost);
  add_kind(out, "reorderedPackets", self->continuity.reordered);
  add_kind(out, "duplicatePackets", self->continuity.duplicates);
  add_kind(out, "crcErrors", self->sections.crc_errors);
  add_kind(out, "pcrErrors", self->clock.errors);
  add_kind(out, "malformedPackets", self->malformed);
  add_kind(out, "truncatedPackets", self->truncated);
  add_kind(out, "skippedBytes", self->skipped);
}

static void destroy(struct decoder *base) {
  struct mpegts *self = (struct mpegts *)base;
  free_continuity(&self->continuity);
  free_sections(&self->sections);
  free(self);
}

struct decoder *create_mpegts_decoder(void) {
  struct mpegts *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->base = (struct decoder){push, end, quality, destroy};
  init_sections(&self->sections);
  return &self->base;
}
