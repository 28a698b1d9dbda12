/* What every part of the program needs of its process. */
#ifndef HEADRACE_PROCESS_H
#define HEADRACE_PROCESS_H

/* The limit was one of address space, which kills nobody: the manager knows this code. */
#define OUT_OF_MEMORY 71
_Noreturn void out_of_memory(void);
double now_ms(void);

#endif
