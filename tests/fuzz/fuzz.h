/* fuzz.h - what the fuzzers share: bytes as a file, and theorems that hold. */
#ifndef BASHU_TESTS_FUZZ_H
#define BASHU_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer, or by replay.c for each file of the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the bytes to a file of this process and returns its path; `which` keeps several apart (0 or 1). */
const char *fuzz_file(int which, const void *data, size_t size);
/* The folder of these files, and a file of that name in it, for what is read by folder; at most 40 names. */
const char *fuzz_folder(void);
const char *fuzz_named_file(const char *name, const void *data, size_t size);
/* Stops the fuzzer with the place when a theorem does not hold. */
void fuzz_check(int holds, const char *theorem, int line);
#define HOLDS(theorem) fuzz_check(!!(theorem), #theorem, __LINE__)

#endif
