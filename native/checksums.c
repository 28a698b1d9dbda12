/* CRC-32/MPEG-2 (ISO/IEC 13818-1, annex A) and CRC-32C (Castagnoli 1993), by table. */
#include "checksums.h"

static uint32_t mpeg_table[256];
static uint32_t castagnoli_table[256];

void init_checksums(void) {
  for (uint32_t value = 0; value < 256; value++) {
    uint32_t mpeg = value << 24;
    uint32_t castagnoli = value;
    for (int bit = 0; bit < 8; bit++) {
      mpeg = mpeg & 0x80000000u ? (mpeg << 1) ^ 0x04c11db7u : mpeg << 1;
      castagnoli = castagnoli & 1 ? (castagnoli >> 1) ^ 0x82f63b78u : castagnoli >> 1;
    }
    mpeg_table[value] = mpeg;
    castagnoli_table[value] = castagnoli;
  }
}

uint32_t crc32_mpeg(const uint8_t *bytes, size_t length) {
  uint32_t crc = 0xffffffffu;
  for (size_t i = 0; i < length; i++) crc = (crc << 8) ^ mpeg_table[(crc >> 24) ^ bytes[i]];
  return crc;
}

uint32_t crc32c(uint32_t state, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) state = (state >> 8) ^ castagnoli_table[(state ^ bytes[i]) & 0xff];
  return state;
}
