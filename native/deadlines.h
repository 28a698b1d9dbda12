/* What ends or resumes streams without an event: silence, deadlines, the network cap. */
#ifndef HEADRACE_DEADLINES_H
#define HEADRACE_DEADLINES_H

/* Ends streams that are silent or overdue. Returns the ms until the next call is needed (−1 =
 * none). */
int look_after_streams(void);

#endif
