/* Reports to the manager. */
#ifndef HEADRACE_REPORT_H
#define HEADRACE_REPORT_H

#include <stddef.h>

#include "channel.h"

/* The channel to the manager. */
extern struct channel manager;
/* Sends one line; ends the process if the manager has ended. */
void report_line(const char *line, size_t length);
/* The end of this process, or of one input of the fuzz runs. */
_Noreturn void leave(void);

#ifdef FUZZING
#include <setjmp.h>
extern jmp_buf next_input;
extern int is_over;
#endif

#endif
