/* What every part of the program needs of its process. */
#ifndef HEADRACE_PROCESS_H
#define HEADRACE_PROCESS_H

/* Exit code for the address-space limit, which only makes allocations fail. The manager recognises
 * it. */
#define OUT_OF_MEMORY 71
_Noreturn void out_of_memory(void);
double now_ms(void);

#endif
