/* The formats that this program decodes. A format is one line here and one file that defines
 * create_NAME_decoder. */
#ifndef HEADRACE_FORMATS_H
#define HEADRACE_FORMATS_H

#include "decoder.h"

#define FOR_EACH_FORMAT(DO) \
  DO(frames) \
  DO(mpegts)

#define DECLARE_FORMAT(name) struct decoder *create_##name##_decoder(void);
FOR_EACH_FORMAT(DECLARE_FORMAT)
#undef DECLARE_FORMAT

/* NULL when there is no such format, or no memory. */
struct decoder *create_decoder(const char *format);
/* Restricts this process to some formats (comma-separated); 0 if it decodes not all of them.
 * Without this call it serves all. */
int serve_formats(const char *names);
/* As `create_decoder`, for a stream: NULL also for a format that this process was not started
 * for. */
struct decoder *create_served_decoder(const char *format);

#endif
