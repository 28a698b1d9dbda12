/* MPEG-2 transport streams; every rule is that of src/live/formats/decoders/mpegts.ts and
 * src/live/formats/mpegts/. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "mpegts.h"

#define SYNC 0x47
#define NULL_PID 0x1fff
#define SYNC_RUN 3
#define FIRST_RUN 2
#define TIME_STAMP_BYTES 4
#define STAMPED 192
#define MAX_STRIDE 204
#define LOOK_AHEAD ((SYNC_RUN - 1) * MAX_STRIDE + 1)
#define CARRY (4 * LOOK_AHEAD)

static const size_t strides[] = {PACKET, STAMPED, MAX_STRIDE};
#define STRIDES (sizeof strides / sizeof *strides)

struct mpegts {
  struct decoder base;
  uint64_t packets, bytes;
  enum { BEGINNING, LOCKED, SEARCHING } state;
  size_t stride, between;
  int64_t sync_byte_errors, sync_losses, skipped, skipped_before, transport_errors, malformed, truncated, unrecognised;
  int64_t damages;
  struct continuity continuity;
  struct sections sections;
  struct program_clock clock;
  uint8_t carry[CARRY];
  size_t carried;
};

static void excuse(struct mpegts *self, unsigned pid, unsigned counter, int payload) {
  self->damages++;
  interrupt_section(&self->sections, pid);
  excuse_packet(&self->continuity, pid, counter, payload);
}

static void tick(struct mpegts *self, unsigned pid, const uint8_t *data, int length, int announced, double at_ms) {
  if (length >= 7 && tick_clock(&self->clock, pid, data + 6, announced, at_ms, self->damages)) return;
  self->malformed++;
  self->damages++;
}

static void packet(struct mpegts *self, const uint8_t *data, double at_ms) {
  self->packets++;
  begin_packet(&self->sections);
  unsigned pid = (data[1] & 0x1fu) << 8 | data[2];
  unsigned control = data[3] >> 4 & 3;
  unsigned counter = data[3] & 15;
  int payload = (control & 1) != 0;
  if (data[1] & 0x80) {
    self->transport_errors++;
    excuse(self, pid, counter, payload);
    return;
  }
  if (pid == NULL_PID) return;
  int adaptation = control & 2 ? data[4] : -1;
  if (control == 0 || adaptation > (control == 2 ? 183 : 182)) {
    self->malformed++;
    excuse(self, pid, counter, 1);
    return;
  }
  unsigned flags = adaptation > 0 ? data[5] : 0;
  int announced = (flags & 0x80) != 0;
  enum verdict verdict = check_continuity(&self->continuity, pid, counter, payload, announced, data);
  if (verdict == REPEATED) return;
  if (verdict == GAP) {
    interrupt_section(&self->sections, pid);
    if (!announced) self->damages++;
  }
  if (flags & 0x10 && verdict != LATE) tick(self, pid, data, adaptation, announced, at_ms);
  if (payload && verdict != LATE)
    section_payload(&self->sections, pid, (data[1] & 0x40) != 0, verdict == GAP && !announced, data + 5 + adaptation,
                    data + PACKET);
}

/* How many of the next SYNC_RUN packets begin with the sync byte, of those that have arrived. */
static size_t syncs(const uint8_t *data, size_t length, size_t from, size_t stride) {
  size_t count = 0;
  for (size_t i = 0; i < SYNC_RUN; i++)
    if (from + i * stride < length && data[from + i * stride] == SYNC) count++;
  return count;
}

/* The position of the first sync byte of an undamaged stream. */
static size_t first_sync(size_t stride) { return stride == STAMPED ? TIME_STAMP_BYTES : 0; }

/* How many of SYNC_RUN packets begin within the bytes. */
static size_t starts_within(size_t length, size_t from, size_t stride) {
  size_t there = length <= from ? 0 : (length - from + stride - 1) / stride;
  return there < SYNC_RUN ? there : SYNC_RUN;
}

static void lose_sync(struct mpegts *self) {
  self->sync_losses++;
  self->damages++;
  self->state = SEARCHING;
  self->skipped_before = self->skipped;
  interrupt_all_sections(&self->sections);
}

/* Determines the distance between packets; 0 if that needs more bytes. */
static int begin(struct mpegts *self, const uint8_t *data, size_t length, int last) {
  if (length < LOOK_AHEAD && !last) return 0;
  size_t wide = 0;
  for (size_t i = STRIDES - 1; i > 0; i--)
    if (syncs(data, length, first_sync(strides[i]), strides[i]) == SYNC_RUN) wide = strides[i];
  size_t there = starts_within(length, 0, PACKET);
  size_t found = syncs(data, length, 0, PACKET);
  size_t least = wide == 0 ? FIRST_RUN : SYNC_RUN;
  int plain = found > 0 && found >= (least < there ? least : there);
  if (plain || wide > 0) {
    self->stride = plain ? PACKET : wide;
    self->between = first_sync(self->stride);
    self->state = LOCKED;
    return 1;
  }
  if (length > 0) lose_sync(self);
  return length > 0;
}

/* The distance between packets from here on: the same as before, or, before the first packet,
   that of a whole run; 0 if there is no run. */
static size_t stride_from(const struct mpegts *self, const uint8_t *data, size_t length, size_t at) {
  if (syncs(data, length, at, self->stride) == starts_within(length, at, self->stride)) return self->stride;
  for (size_t i = 0; self->packets == 0 && i < STRIDES; i++)
    if (syncs(data, length, at, strides[i]) == SYNC_RUN) return strides[i];
  return 0;
}

static size_t search(struct mpegts *self, const uint8_t *data, size_t length, size_t at, int last) {
  for (; at < length; at++) {
    if (data[at] == SYNC) {
      if (at + LOOK_AHEAD > length && !last) break;
      size_t stride = stride_from(self, data, length, at);
      if (stride > 0) {
        self->stride = stride;
        self->between = 0;
        self->state = LOCKED;
        excuse_any(&self->continuity, (uint64_t)(self->skipped - self->skipped_before + PACKET - 1) / PACKET);
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
    if (self->state == BEGINNING && !begin(self, data, length, last)) return at;
    if (self->state == SEARCHING) {
      at = search(self, data, length, at, last);
      if (self->state == SEARCHING) return at;
    }
    size_t between = self->between < length - at ? self->between : length - at;
    self->between -= between;
    at += between;
    if (at + PACKET > length) return at;
    if (data[at] != SYNC) {
      size_t next = at + self->stride;
      if (next >= length && !last) return at;
      if (next < length && data[next] != SYNC) {
        lose_sync(self);
        continue;
      }
      self->sync_byte_errors++;
    }
    packet(self, data + at, at_ms);
    at += PACKET;
    self->between = self->stride - PACKET;
  }
}

static void push(struct decoder *base, const uint8_t *bytes, size_t length, double at_ms) {
  struct mpegts *self = (struct mpegts *)base;
  size_t at = 0;
  self->bytes += length;
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
  if (self->packets == 0) self->unrecognised = (int64_t)((self->bytes + PACKET - 1) / PACKET);
}

static void quality(const struct decoder *base, struct quality *out) {
  const struct mpegts *self = (const struct mpegts *)base;
  out->units = self->packets;
  out->unrecognised = self->unrecognised > 0;
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
  add_kind(out, "malformedPackets", self->malformed + self->continuity.damaged_counters);
  add_kind(out, "truncatedPackets", self->truncated);
  add_kind(out, "unrecognisedPackets", self->unrecognised);
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
  self->stride = PACKET;
  init_sections(&self->sections);
  return &self->base;
}
