/* The parts of the MPEG-TS check: continuity counters, sections, programme clocks. Tables are small and searched linearly. */
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
  uint8_t last[PACKET];
};

struct continuity {
  int64_t lost, reordered, duplicates;
  int count;
  struct pid_state *pids[MAX_PIDS];
};

enum verdict check_continuity(struct continuity *, unsigned pid, unsigned counter, int payload, int announced,
                              const uint8_t *packet);
void free_continuity(struct continuity *);

struct assembly {
  uint16_t pid;
  int open;
  unsigned length;
  /* Made when the first byte comes. */
  uint8_t *bytes;
};

struct sections {
  int64_t crc_errors;
  int count;
  struct assembly assemblies[MAX_TABLE_PIDS];
};

void init_sections(struct sections *);
void interrupt_section(struct sections *, unsigned pid);
void section_payload(struct sections *, unsigned pid, int starts, const uint8_t *from, const uint8_t *to);
void free_sections(struct sections *);

struct clock_tick {
  uint16_t pid;
  int64_t ticks;
  double at_ms;
};

struct program_clock {
  int64_t errors;
  double jitter_ms;
  int count;
  struct clock_tick last[MAX_CLOCKS];
};

/* 0 if the six bytes are no clock reference. */
int tick_clock(struct program_clock *, unsigned pid, const uint8_t *bytes, int announced, double at_ms);

#endif
