#include "formats.h"

#include <string.h>

struct decoder *create_decoder(const char *format) {
#define TRY_FORMAT(name) \
  if (strcmp(format, #name) == 0) return create_##name##_decoder();
  FOR_EACH_FORMAT(TRY_FORMAT)
#undef TRY_FORMAT
  return NULL;
}
