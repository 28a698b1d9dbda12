/* Settings of the sanitizers in the build that tests use. They are compiled in, since a streamlet's
 * environment is empty. */
#ifdef SANITIZED
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* A finding is a crash. Only the fuzz runs check for leaks at exit; otherwise the kernel frees the
 * memory. */
const char *__asan_default_options(void) { return "detect_leaks=0:abort_on_error=1:handle_abort=0"; }
const char *__ubsan_default_options(void) { return "print_stacktrace=1:abort_on_error=1"; }
#else
typedef int translation_unit_is_not_empty;
#endif
