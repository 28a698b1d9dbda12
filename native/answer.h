/* The answer to a client whose stream failed before it was answered, as
 * src/live/wire/refusal-text.ts writes it. */
#ifndef HEADRACE_ANSWER_H
#define HEADRACE_ANSWER_H

#include <stddef.h>

#define MAX_FAILURE_ANSWER 256

/* Writes the answer for this end of a stream, as HTTP or as raw TCP. Returns its length, 0 if that
 * end has no answer. */
size_t failure_answer(char out[MAX_FAILURE_ANSWER], const char *detail, int http);

#endif
