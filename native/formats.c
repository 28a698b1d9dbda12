#include "formats.h"

#include <stdio.h>
#include <string.h>

#define MAX_FORMATS 256

/* With a comma before and after each name; empty = all. */
static char served[MAX_FORMATS];

struct decoder *create_decoder(const char *format) {
#define TRY_FORMAT(name) \
  if (strcmp(format, #name) == 0) return create_##name##_decoder();
  FOR_EACH_FORMAT(TRY_FORMAT)
#undef TRY_FORMAT
  return NULL;
}

int serve_formats(const char *names) {
  char rest[MAX_FORMATS];
  if (snprintf(served, sizeof served, ",%s,", names) >= (int)sizeof served) return 0;
  snprintf(rest, sizeof rest, "%s", names);
  for (char *name = strtok(rest, ","); name != NULL; name = strtok(NULL, ",")) {
    struct decoder *probe = create_decoder(name);
    if (probe == NULL) {
      fprintf(stderr, "streamlet: no decoder for the format %s\n", name);
      return 0;
    }
    probe->destroy(probe);
  }
  return 1;
}

struct decoder *create_served_decoder(const char *format) {
  char quoted[MAX_FORMATS];
  snprintf(quoted, sizeof quoted, ",%s,", format);
  return served[0] == 0 || strstr(served, quoted) != NULL ? create_decoder(format) : NULL;
}
