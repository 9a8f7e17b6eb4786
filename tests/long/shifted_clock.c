/* The wall clock of every process that preloads this, CLOCK_SHIFT seconds from the machine's. Where
   CLOCK_SHIFT_FILE names a file, the seconds are the 8 bytes in it, and count as soon as they are
   written: all these processes go to another day at once.

   What measures how long something takes goes on as it is: only real time is shifted. Debian's
   faketime cannot do that with Python 3.11: with a shifted monotonic clock threads wait for ever,
   and without it time.sleep fails. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long own;
static const volatile long *shift = &own;

__attribute__((constructor)) static void read_shift(void) {
    const char *said = getenv("CLOCK_SHIFT"), *file = getenv("CLOCK_SHIFT_FILE");
    own = said ? atol(said) : 0;
    int opened = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (opened >= 0) {
        void *mapped = mmap(NULL, sizeof own, PROT_READ, MAP_SHARED, opened, 0);
        if (mapped != MAP_FAILED)
            shift = mapped;
        close(opened);
    }
}

int clock_gettime(clockid_t clock, struct timespec *found) {
    int failed = syscall(SYS_clock_gettime, clock, found);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        found->tv_sec += *shift;
    return failed;
}

int gettimeofday(struct timeval *found, void *zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    found->tv_sec = now.tv_sec;
    found->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *found) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (found)
        *found = now.tv_sec;
    return now.tv_sec;
}
