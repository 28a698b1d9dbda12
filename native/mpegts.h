/* The parts of the MPEG-TS check: continuity counters, sections, programme clocks. Tables are small
 * and searched linearly. */
#ifndef HEADRACE_MPEGTS_H
#define HEADRACE_MPEGTS_H

#include <stdint.h>

#define PACKET 188
#define MAX_PIDS 256
#define MAX_TABLE_PIDS 128
#define MAX_SECTION 4096
#define MAX_CLOCKS 64

enum verdict { EXPECTED, GAP, LATE, REPEATED };

struct pid_state {
  uint16_t pid;
  uint16_t missing;
  uint8_t expected;
  uint8_t repeats;
  /* The last step forward, until the next packet confirms or refutes it: see continuity.ts. */
  uint8_t jump_from, jump, jump_late;
  uint64_t met_at, seen;
  uint8_t last[PACKET];
};

struct continuity {
  int64_t lost, reordered, duplicates, damaged_counters;
  int excused;
  uint64_t packets;
  int count;
  struct pid_state *pids[MAX_PIDS];
};

enum verdict check_continuity(struct continuity *, unsigned pid, unsigned counter, int payload, int announced,
                              const uint8_t *packet);
/* A packet was counted as damaged; this many packets will be missing because of counted
   errors. */
void excuse_packet(struct continuity *, unsigned pid, unsigned counter, int payload);
void excuse_any(struct continuity *, uint64_t packets);
void free_continuity(struct continuity *);

struct assembly {
  uint16_t pid;
  uint8_t open, excused, ignored;
  /* Table ids that prove a DVB PID; 0 and 0 for others. */
  uint8_t first, last;
  /* By the newest PAT. */
  uint8_t named;
  /* Errors found before a table proved that this PID carries tables; −1 from then on. */
  int64_t unproved;
  unsigned length;
  /* Made when the first byte comes. */
  uint8_t *bytes;
};

/* What one section of the PAT names. */
struct pat_section {
  uint8_t number;
  int count;
  uint16_t pids[MAX_TABLE_PIDS];
};

#define MAX_PAT_SECTIONS 16

struct sections {
  int64_t crc_errors;
  int packet_has_error;
  /* The PID whose error the packet before counted; −1 = none. */
  int last_error;
  int count;
  struct assembly assemblies[MAX_TABLE_PIDS];
  int64_t version;
  int pat_count;
  struct pat_section *pat[MAX_PAT_SECTIONS];
};

void init_sections(struct sections *);
void begin_packet(struct sections *);
void interrupt_section(struct sections *, unsigned pid);
void interrupt_all_sections(struct sections *);
void section_payload(struct sections *, unsigned pid, int starts, int after_loss, const uint8_t *from,
                     const uint8_t *to);
void free_sections(struct sections *);

struct clock_tick {
  uint16_t pid;
  int64_t ticks, damages, before;
  double at_ms;
};

struct program_clock {
  int64_t errors;
  double jitter_ms;
  int count;
  struct clock_tick last[MAX_CLOCKS];
};

/* 0 if the six bytes are no clock reference. `damages`: how often the stream has been damaged so
 * far. */
int tick_clock(struct program_clock *, unsigned pid, const uint8_t *bytes, int announced, double at_ms,
               int64_t damages);

#endif
