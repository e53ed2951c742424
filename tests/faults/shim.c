/* One fault at one system call below a folder, for tests: preloaded, and armed by function calls.
 *
 * Only calls on files below the folder count, its inbox aside: a capture that cannot be read is
 * refused, which is another matter. A fault is an error number, or a short write: half
 * of the bytes, and ENOSPC for what follows on any file, as on a full disk.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation { WRITE, SYNC, RENAME, READ, OPERATIONS };

static char root[PATH_MAX];
static atomic_long counts[OPERATIONS];
static int armed_operation = -1;
static long armed_at;
static int armed_error;
static atomic_int is_full;
static atomic_int has_fired;

void fault_arm(const char *folder, int operation, long at, int error) {
    strncpy(root, folder, sizeof root - 1);
    for (int i = 0; i < OPERATIONS; i++) counts[i] = 0;
    armed_operation = operation;
    armed_at = at;
    armed_error = error;
    is_full = has_fired = 0;
}

long fault_count(int operation) { return counts[operation]; }
int fault_has_fired(void) { return has_fired; }

static int is_below(const char *path) {
    size_t length = strlen(root);
    if (!length || strncmp(path, root, length) || (path[length] && path[length] != '/')) return 0;
    return strncmp(path + length, "/inbox/", 7) != 0;
}

static int is_below_fd(int fd) {
    char link[64], path[PATH_MAX];
    if (!root[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int saved = errno;
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = saved;
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

/* Count a call; return the error number that it shall fail with, 0 for none, -1 for a short write. */
static int fault(int operation) {
    if (operation == WRITE && is_full) return ENOSPC;
    long number = ++counts[operation];
    if (operation != armed_operation || number != armed_at) return 0;
    has_fired = 1;
    if (armed_error == -1) is_full = 1;
    return armed_error;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define FAIL_ON(below, operation) \
    if (below) { \
        int error = fault(operation); \
        if (error > 0) { errno = error; return -1; } \
    }

#define WRITES(name, parameters, arguments, shorter) \
    ssize_t name parameters { \
        REAL(name); \
        if (is_below_fd(fd)) { \
            int error = fault(WRITE); \
            if (error > 0) { errno = error; return -1; } \
            if (error < 0 && length > 1) return real shorter; \
            if (error < 0) { errno = ENOSPC; return -1; } \
        } \
        return real arguments; \
    }

WRITES(write, (int fd, const void *data, size_t length), (fd, data, length), (fd, data, length / 2))
WRITES(pwrite, (int fd, const void *data, size_t length, off_t at), (fd, data, length, at),
       (fd, data, length / 2, at))
WRITES(pwrite64, (int fd, const void *data, size_t length, off64_t at), (fd, data, length, at),
       (fd, data, length / 2, at))

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    FAIL_ON(is_below_fd(fd), WRITE)
    return real(fd, parts, count);
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    REAL(copy_file_range);
    FAIL_ON(is_below_fd(out), WRITE)
    return real(in, from, out, to, length, flags);
}
int ftruncate(int fd, off_t length) {
    REAL(ftruncate);
    FAIL_ON(is_below_fd(fd), WRITE)
    return real(fd, length);
}
int ftruncate64(int fd, off64_t length) {
    REAL(ftruncate64);
    FAIL_ON(is_below_fd(fd), WRITE)
    return real(fd, length);
}
int fsync(int fd) {
    REAL(fsync);
    FAIL_ON(is_below_fd(fd), SYNC)
    return real(fd);
}
int fdatasync(int fd) {
    REAL(fdatasync);
    FAIL_ON(is_below_fd(fd), SYNC)
    return real(fd);
}
int rename(const char *old, const char *new) {
    REAL(rename);
    FAIL_ON(is_below(new), RENAME)
    return real(old, new);
}
ssize_t read(int fd, void *data, size_t length) {
    REAL(read);
    FAIL_ON(is_below_fd(fd), READ)
    return real(fd, data, length);
}
ssize_t pread(int fd, void *data, size_t length, off_t at) {
    REAL(pread);
    FAIL_ON(is_below_fd(fd), READ)
    return real(fd, data, length, at);
}
ssize_t pread64(int fd, void *data, size_t length, off64_t at) {
    REAL(pread64);
    FAIL_ON(is_below_fd(fd), READ)
    return real(fd, data, length, at);
}
