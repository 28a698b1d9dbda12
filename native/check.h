#ifndef HEADRACE_CHECK_H
#define HEADRACE_CHECK_H

/* `streamlet --check FORMAT`; returns an exit code. */
int check_decoder(const char *format);

#endif
