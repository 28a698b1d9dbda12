/* Sections and what the PAT names, as in src/live/formats/mpegts/sections.ts and program-map.ts. */
#include <stdlib.h>
#include <string.h>

#include "checksums.h"
#include "mpegts.h"

#define PAT_PID 0
#define CAT_PID 1
#define PMT_TABLE 0x02
#define LAST_PSI_TABLE 0x03
#define STUFFING_TABLE 0x72
#define PRIVATE_SECTIONS 0x05

static struct assembly *find_assembly(struct sections *self, unsigned pid) {
  for (int i = 0; i < self->count; i++)
    if (self->assemblies[i].pid == pid) return &self->assemblies[i];
  return NULL;
}

static struct assembly *add_table(struct sections *self, unsigned pid) {
  if (self->count >= MAX_TABLE_PIDS) return NULL;
  struct assembly *assembly = &self->assemblies[self->count++];
  *assembly = (struct assembly){.pid = (uint16_t)pid, .unproved = -1};
  return assembly;
}

static void add_dvb_table(struct sections *self, unsigned pid, uint8_t first, uint8_t last) {
  struct assembly *assembly = add_table(self, pid);
  assembly->first = first;
  assembly->last = last;
  assembly->unproved = 0;
}

void init_sections(struct sections *self) {
  add_table(self, PAT_PID);
  add_table(self, CAT_PID);
  add_dvb_table(self, 0x10, 0x40, 0x41);
  add_dvb_table(self, 0x11, 0x42, 0x4a);
  add_dvb_table(self, 0x12, 0x4e, 0x6f);
  self->version = self->last_error = -1;
}

static void close_section(struct assembly *assembly) {
  assembly->open = 0;
  assembly->length = 0;
}

void begin_packet(struct sections *self) { self->last_error = -1; }

void interrupt_section(struct sections *self, unsigned pid) {
  struct assembly *assembly = find_assembly(self, pid);
  if (assembly != NULL) close_section(assembly);
}

void interrupt_all_sections(struct sections *self) {
  for (int i = 0; i < self->count; i++) close_section(&self->assemblies[i]);
  struct assembly *last = self->last_error < 0 ? NULL : find_assembly(self, (unsigned)self->last_error);
  self->last_error = -1;
  if (last == NULL) return;
  if (last->unproved < 0) self->crc_errors--;
  else last->unproved--;
}

static unsigned whole_length(const uint8_t *bytes) { return 3 + ((bytes[1] & 0x0fu) << 8 | bytes[2]); }

static int has_crc(const uint8_t *bytes) { return (bytes[1] & 0x80) != 0; }

static int is_sound(const struct assembly *assembly) {
  uint8_t table = assembly->bytes[0];
  if (table == STUFFING_TABLE) return 1;
  if (!has_crc(assembly->bytes)) return table > LAST_PSI_TABLE;
  return assembly->length >= 12 && crc32_mpeg(assembly->bytes, assembly->length) == 0;
}

static void refuse(struct sections *self, struct assembly *assembly) {
  int counted = !self->packet_has_error && !(assembly->open && assembly->length > 0 && assembly->excused);
  close_section(assembly);
  if (!counted) return;
  self->packet_has_error = 1;
  self->last_error = assembly->pid;
  if (assembly->unproved < 0) self->crc_errors++;
  else assembly->unproved++;
}

static void prove(struct sections *self, struct assembly *assembly) {
  if (assembly->unproved < 0) return;
  self->crc_errors += assembly->unproved;
  assembly->unproved = -1;
}

/* Keeps the PIDs that one section of the PAT names, in the order of section numbers; 0 if the
   section is not in force yet, or there is no memory. */
static int take_pat(struct sections *self, const uint8_t *bytes, unsigned length) {
  if (!(bytes[5] & 1)) return 0;
  int64_t version = (int64_t)bytes[3] << 16 | bytes[4] << 8 | (bytes[5] & 0x3e);
  if (version != self->version) {
    for (int i = 0; i < self->pat_count; i++) free(self->pat[i]);
    self->pat_count = 0;
  }
  self->version = version;
  int place = 0;
  while (place < self->pat_count && self->pat[place]->number < bytes[6]) place++;
  int there = place < self->pat_count && self->pat[place]->number == bytes[6];
  if (!there && self->pat_count == MAX_PAT_SECTIONS) return 1;
  struct pat_section *section = there ? self->pat[place] : malloc(sizeof *section);
  if (section == NULL) return 0;
  if (!there) {
    memmove(self->pat + place + 1, self->pat + place, sizeof *self->pat * (size_t)(self->pat_count++ - place));
    self->pat[place] = section;
  }
  section->number = bytes[6];
  section->count = 0;
  for (unsigned at = 8; at + 4 <= length - 4 && section->count < MAX_TABLE_PIDS; at += 4)
    section->pids[section->count++] = (uint16_t)((bytes[at + 2] & 0x1fu) << 8 | bytes[at + 3]);
  return 1;
}

static int is_named(const struct sections *self, unsigned pid) {
  for (int i = 0; i < self->pat_count; i++)
    for (int j = 0; j < self->pat[i]->count; j++)
      if (self->pat[i]->pids[j] == pid) return 1;
  return 0;
}

static void follow(struct sections *self, unsigned pid) {
  if (pid == PAT_PID || pid == CAT_PID) return;
  struct assembly *assembly = find_assembly(self, pid);
  if (assembly == NULL && (assembly = add_table(self, pid)) == NULL) return;
  assembly->named = 1;
  assembly->ignored = 0;
  prove(self, assembly);
}

/* The last assembly takes its place. The caller works on the PAT's, which is the first and
   stays. */
static void forget(struct sections *self, struct assembly *assembly) {
  if (assembly->last == 0) {
    free(assembly->bytes);
    *assembly = self->assemblies[--self->count];
    return;
  }
  assembly->named = 0;
  assembly->unproved = 0;
  close_section(assembly);
}

static void learn(struct sections *self, const uint8_t *bytes, unsigned length) {
  if (!take_pat(self, bytes, length)) return;
  for (int i = self->count - 1; i >= 0; i--)
    if (self->assemblies[i].named && !is_named(self, self->assemblies[i].pid)) forget(self, &self->assemblies[i]);
  for (int i = 0; i < self->pat_count; i++)
    for (int j = 0; j < self->pat[i]->count; j++) follow(self, self->pat[i]->pids[j]);
}

/* A PMT names pictures, sound or data: these PIDs carry no DVB tables. */
static void unlearn(struct sections *self, const uint8_t *bytes, unsigned length) {
  unsigned end = length - 4;
  for (unsigned at = 12 + ((bytes[10] & 0x0fu) << 8 | bytes[11]); at + 5 <= end;) {
    struct assembly *assembly = find_assembly(self, (bytes[at + 1] & 0x1fu) << 8 | bytes[at + 2]);
    if (bytes[at] != PRIVATE_SECTIONS && assembly != NULL && assembly->last > 0 && !assembly->named) {
      assembly->ignored = 1;
      assembly->unproved = 0;
      close_section(assembly);
    }
    at += 5 + ((bytes[at + 3] & 0x0fu) << 8 | bytes[at + 4]);
  }
}

static void accept(struct sections *self, struct assembly *assembly) {
  const uint8_t *bytes = assembly->bytes;
  if (bytes[0] >= assembly->first && bytes[0] <= assembly->last && has_crc(bytes)) prove(self, assembly);
  if (bytes[0] == 0 && assembly->pid == PAT_PID) learn(self, bytes, assembly->length);
  else if (bytes[0] == PMT_TABLE && assembly->named) unlearn(self, bytes, assembly->length);
}

static void collect(struct sections *self, struct assembly *assembly, const uint8_t *from, const uint8_t *to) {
  if (assembly->bytes == NULL && (assembly->bytes = malloc(MAX_SECTION)) == NULL) return;
  while (from < to) {
    if (assembly->length == 0 && *from == 0xff) {
      assembly->open = 0;
      return;
    }
    if (assembly->length == 0) assembly->excused = (uint8_t)self->packet_has_error;
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
    accept(self, assembly);
    assembly->length = 0;
  }
}

void section_payload(struct sections *self, unsigned pid, int starts, int after_loss, const uint8_t *from,
                     const uint8_t *to) {
  struct assembly *assembly = find_assembly(self, pid);
  if (assembly == NULL || assembly->ignored || from >= to) return;
  self->packet_has_error = after_loss;
  if (!starts) {
    if (assembly->open) collect(self, assembly, from, to);
    return;
  }
  if (to - from < 1 + *from) {
    refuse(self, assembly);
    return;
  }
  const uint8_t *begin = from + 1 + *from;
  if (assembly->open) collect(self, assembly, from + 1, begin);
  if (assembly->open && assembly->length > 0) refuse(self, assembly);
  assembly->open = 1;
  assembly->length = 0;
  collect(self, assembly, begin, to);
}

void free_sections(struct sections *self) {
  for (int i = 0; i < self->count; i++) free(self->assemblies[i].bytes);
  for (int i = 0; i < self->pat_count; i++) free(self->pat[i]);
}
