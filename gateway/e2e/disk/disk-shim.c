/* Stands between one process and its disk, by LD_PRELOAD: writes down what is asked of files below DISK_FOLDER, in the
   order in which it takes effect, and lets calls fail when told to. Everything else passes untouched.
   DISK_LOG: where the record goes (none: nothing is written down). DISK_CONTROL: a file of one `struct control`, shared
   with whoever decides which calls fail. Paths are absolute. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* As disk-shim.ts writes it. */
struct control {
  volatile uint32_t error; /* errno of calls that fail; 0: none does */
  volatile uint32_t torn;  /* 1: a write that fails has written its first half */
  volatile uint64_t from;  /* number of the first call that fails, counted from 1 */
  volatile uint64_t count; /* how many fail */
  volatile uint64_t seen;  /* calls so far that change the disk */
  volatile uint64_t failed;
};

enum { OPEN = 1, CLOSE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, SAID };

struct head {
  uint32_t op;
  int32_t fd;
  uint64_t at; /* flags of OPEN, offset of WRITE, size of TRUNCATE */
  uint32_t path_bytes;
  uint32_t data_bytes;
};

#define MOST_FDS 4096
static char watched[MOST_FDS];
static const char *folder;
static int log_fd = -1;
static struct control *control;
/* One call at a time: the order of the record is the order on the disk. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  folder = getenv("DISK_FOLDER");
  const char *log = getenv("DISK_LOG");
  if (log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *path = getenv("DISK_CONTROL");
  int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0) : -1;
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) control = map;
}

static int is_ours(const char *path) {
  size_t length = folder ? strlen(folder) : 0;
  return length && path && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* libuv closes past the C library: a number may since have gone to a socket. */
static int is_watched(int fd) {
  struct stat seen;
  return fd >= 0 && fd < MOST_FDS && watched[fd] && fstat(fd, &seen) == 0 && (S_ISREG(seen.st_mode) || S_ISDIR(seen.st_mode));
}

static void note(uint32_t op, int fd, uint64_t at, const char *path, const struct iovec *parts, int count, size_t most) {
  if (log_fd < 0) return;
  int before = errno;
  struct head head = {op, fd, at, path ? (uint32_t)strlen(path) : 0, 0};
  struct iovec out[18] = {{&head, sizeof head}, {(void *)path, head.path_bytes}};
  for (int i = 0; i < count && i < 16 && most; i += 1) {
    size_t length = parts[i].iov_len < most ? parts[i].iov_len : most;
    out[i + 2] = (struct iovec){parts[i].iov_base, length};
    head.data_bytes += (uint32_t)length;
    most -= length;
  }
  if (syscall(SYS_writev, log_fd, out, count + 2) < 0) abort(); /* A record with holes would prove nothing. */
  errno = before;
}

static void note_path(uint32_t op, int fd, uint64_t at, const char *path) { note(op, fd, at, path, NULL, 0, 0); }

/* Counts a call that changes the disk; the errno that it must fail with, or 0. */
static int refusal(void) {
  if (!control) return 0;
  uint64_t number = control->seen += 1;
  if (!control->error || number < control->from || number - control->from >= control->count) return 0;
  control->failed += 1;
  return (int)control->error;
}

/* `call` under the lock; fails when told to, is written down by `record` when it worked. */
#define CHANGING(type, call, record)      \
  pthread_mutex_lock(&turn);              \
  int refused = refusal();                \
  type result = refused ? -1 : (call);    \
  if (refused) errno = refused;           \
  else if (result >= 0) { record; }       \
  pthread_mutex_unlock(&turn);            \
  return result

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if (!is_ours(path)) {
    int other = real(path, flags, mode);
    if (other >= 0 && other < MOST_FDS) watched[other] = 0;
    return other;
  }
  pthread_mutex_lock(&turn);
  struct stat there;
  int makes = (flags & O_TRUNC) || ((flags & O_CREAT) && stat(path, &there) != 0);
  int refused = makes ? refusal() : 0;
  int fd = refused ? -1 : real(path, flags, mode);
  if (refused) errno = refused;
  if (fd >= 0 && fd < MOST_FDS) {
    watched[fd] = 1;
    note_path(OPEN, fd, (uint64_t)flags, path);
  }
  pthread_mutex_unlock(&turn);
  return fd;
}

int open(const char *path, int flags, ...) {
  REAL(open);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(real, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  REAL(open64);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(real, path, flags, mode);
}

int close(int fd) {
  REAL(close);
  if (!is_watched(fd)) return real(fd);
  pthread_mutex_lock(&turn);
  watched[fd] = 0;
  note_path(CLOSE, fd, 0, NULL);
  int result = real(fd);
  pthread_mutex_unlock(&turn);
  return result;
}

static ssize_t written(int fd, const struct iovec *parts, int count, off64_t at, size_t most) {
  ssize_t done = at < 0 ? (ssize_t)syscall(SYS_writev, fd, parts, count)
                        : (ssize_t)syscall(SYS_pwrite64, fd, parts->iov_base, most, at);
  if (done < 0) return done;
  off64_t began = at >= 0 ? at : lseek64(fd, 0, SEEK_CUR) - done; /* O_APPEND too: the position is behind it now. */
  note(WRITE, fd, (uint64_t)began, NULL, parts, count, (size_t)done);
  return done;
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off64_t at) {
  pthread_mutex_lock(&turn);
  int refused = refusal();
  ssize_t result = -1;
  if (!refused) result = written(fd, parts, count, at, parts->iov_len);
  else if (control->torn && parts->iov_len > 1) {
    struct iovec half = {parts->iov_base, parts->iov_len / 2};
    result = written(fd, &half, 1, at, half.iov_len);
  } else errno = refused;
  pthread_mutex_unlock(&turn);
  return result;
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(write);
  struct iovec part = {(void *)data, size};
  if (is_watched(fd)) return write_parts(fd, &part, 1, -1);
  if (fd != 1 || log_fd < 0) return real(fd, data, size);
  /* What the process says stands in the same record: whatever it promised by then must be there after the cut. */
  pthread_mutex_lock(&turn);
  note(SAID, fd, 0, NULL, &part, 1, size);
  ssize_t result = real(fd, data, size);
  pthread_mutex_unlock(&turn);
  return result;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(pwrite64);
  if (!is_watched(fd)) return real(fd, data, size, at);
  struct iovec part = {(void *)data, size};
  return write_parts(fd, &part, 1, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  return is_watched(fd) && count <= 16 ? write_parts(fd, parts, count, -1) : real(fd, parts, count);
}

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  if (!is_watched(fd)) return real(fd, size);
  CHANGING(int, real(fd, size), note_path(TRUNCATE, fd, (uint64_t)size, NULL));
}

int fsync(int fd) {
  REAL(fsync);
  if (!is_watched(fd)) return real(fd);
  CHANGING(int, real(fd), note_path(SYNC, fd, 0, NULL));
}

int fdatasync(int fd) {
  REAL(fdatasync);
  if (!is_watched(fd)) return real(fd);
  CHANGING(int, real(fd), note_path(SYNC, fd, 0, NULL));
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (!is_ours(to)) return real(from, to);
  struct iovec part = {(void *)to, strlen(to)};
  CHANGING(int, real(from, to), note(RENAME, -1, 0, from, &part, 1, part.iov_len));
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  if (!is_ours(path)) return real(path, mode);
  CHANGING(int, real(path, mode), note_path(MKDIR, -1, 0, path));
}

/* Taking away needs no room and does not fail here. */
int unlink(const char *path) {
  REAL(unlink);
  if (!is_ours(path)) return real(path);
  pthread_mutex_lock(&turn);
  int result = real(path);
  if (result == 0) note_path(UNLINK, -1, 0, path);
  pthread_mutex_unlock(&turn);
  return result;
}

int rmdir(const char *path) {
  REAL(rmdir);
  if (!is_ours(path)) return real(path);
  pthread_mutex_lock(&turn);
  int result = real(path);
  if (result == 0) note_path(RMDIR, -1, 0, path);
  pthread_mutex_unlock(&turn);
  return result;
}
