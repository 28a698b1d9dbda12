/* `streamlet --check FORMAT`: inputs from stdin (4 bytes length, big-endian, then the bytes, cut in two at a third), one line of counts
 * each to stdout. So tests hold this decoder against the TypeScript one. */
#include <stdio.h>
#include <stdlib.h>

#include "decoder.h"
#include "stream.h"

#define MAX_INPUT 1048576

int check_decoder(const char *format) {
  static uint8_t bytes[MAX_INPUT];
  uint8_t prefix[4];
  while (fread(prefix, 1, 4, stdin) == 4) {
    size_t length = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 | (size_t)prefix[2] << 8 | prefix[3];
    if (length > MAX_INPUT || fread(bytes, 1, length, stdin) != length) return 2;
    struct decoder *decoder = create_decoder(format);
    if (decoder == NULL) return 2;
    struct quality quality = {0};
    decoder->push(decoder, bytes, length / 3, 0);
    decoder->push(decoder, bytes + length / 3, length - length / 3, 1);
    decoder->end(decoder);
    decoder->quality(decoder, &quality);
    printf("%llu", (unsigned long long)quality.units);
    for (int i = 0; i < quality.kinds; i++) printf(" %lld", (long long)quality.count[i]);
    printf(" %.9f\n", quality.jitter_ms);
    fflush(stdout);
    decoder->destroy(decoder);
  }
  return 0;
}
