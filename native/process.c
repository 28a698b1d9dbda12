#include "process.h"

#include <stdlib.h>
#include <time.h>

double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

void out_of_memory(void) { exit(OUT_OF_MEMORY); }
