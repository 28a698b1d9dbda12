/* Checksums of the formats and of tests. Call `init_checksums` once before. */
#ifndef HEADRACE_CHECKSUMS_H
#define HEADRACE_CHECKSUMS_H

#include <stddef.h>
#include <stdint.h>

#define CRC32C_START 0xffffffffu

void init_checksums(void);
/* CRC-32/MPEG-2 (ISO/IEC 13818-1, annex A). */
uint32_t crc32_mpeg(const uint8_t *bytes, size_t length);
/* CRC-32C (Castagnoli 1993): begin with CRC32C_START, invert the last state. */
uint32_t crc32c(uint32_t state, const uint8_t *bytes, size_t length);

#endif
