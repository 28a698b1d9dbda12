#include "report.h"

#include <stdio.h>
#include <stdlib.h>

struct channel manager;

#ifdef FUZZING
jmp_buf next_input;
int is_over;

void leave(void) {
  is_over = 1;
  longjmp(next_input, 1);
}
#else
void leave(void) { exit(0); }
#endif

void report_line(const char *line, size_t length) {
  if (send_line(&manager, line, length)) return;
  if (manager.unsent_length > 0) fprintf(stderr, "streamlet: the manager has not read %d bytes\n", MAX_UNSENT);
  leave();
}
