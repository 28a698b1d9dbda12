/* `streamlet --check FORMAT`: inputs from stdin (4 bytes length, big-endian, then the bytes, cut in
 * two at a third), one line of counts each to stdout. Tests compare this decoder with the
 * TypeScript one, and the WebSocket reader (FORMAT websocket) with the library's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "checksums.h"
#include "formats.h"
#include "check.h"
#include "stream.h"
#include "websocket.h"

#define MAX_INPUT 1048576

struct seen {
  unsigned messages, pings;
  uint64_t bytes;
  uint32_t crc;
  int end, status;
};

static void read_part(struct websocket *websocket, struct seen *seen, const uint8_t *bytes, size_t length) {
  while (seen->end == NOTHING) {
    enum websocket_event event = read_websocket(websocket, &bytes, &length, &seen->status);
    if (event == NOTHING) return;
    if (event == PING) seen->pings++;
    else if (event == MESSAGE) {
      seen->messages++;
      seen->bytes += websocket->length;
      seen->crc = crc32c(seen->crc, websocket->message, websocket->length);
      websocket->length = 0;
    } else seen->end = (int)event;
  }
}

static void check_websocket(const uint8_t *bytes, size_t length) {
  struct websocket *websocket = calloc(1, sizeof *websocket);
  struct seen seen = {.crc = CRC32C_START};
  if (websocket == NULL) abort();
  read_part(websocket, &seen, bytes, length / 3);
  read_part(websocket, &seen, bytes + length / 3, length - length / 3);
  printf("%u %u %llu %u %s %d\n", seen.messages, seen.pings, (unsigned long long)seen.bytes, ~seen.crc,
         seen.end == CLOSE ? "close" : seen.end == BROKEN ? "broken" : "open", seen.end == NOTHING ? 0 : seen.status);
  fflush(stdout);
  free_websocket(websocket);
}

int check_decoder(const char *format) {
  static uint8_t bytes[MAX_INPUT];
  uint8_t prefix[4];
  while (fread(prefix, 1, 4, stdin) == 4) {
    size_t length = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 | (size_t)prefix[2] << 8 | prefix[3];
    if (length > MAX_INPUT || fread(bytes, 1, length, stdin) != length) return 2;
    if (strcmp(format, "websocket") == 0) {
      check_websocket(bytes, length);
      continue;
    }
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
