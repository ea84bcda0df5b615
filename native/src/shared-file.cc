#include "shared-file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace xueliang {
namespace {

int mapOpen(int file, size_t size, void** out) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) return errno;
  *out = memory;
  return 0;
}

}  // namespace

int mapFile(const char* path, size_t size, void** out) {
  const int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return errno;
  int fault = 0;
  // lseek, not fstat, which would ask for a newer C library; a device says 0 and is too small.
  const off_t held = lseek(file, 0, SEEK_END);
  if (held < 0) fault = errno;
  // Touching a page past the end of a file is SIGBUS, not an error: never map more than there is.
  else if (static_cast<size_t>(held) < size) fault = EMSGSIZE;
  else fault = mapOpen(file, size, out);
  close(file);
  return fault;
}

int createFile(const char* path, size_t size, void** out) {
  const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return errno;
  // Not ftruncate: on a full tmpfs the first write to a page that was never reserved is SIGBUS.
  int fault = posix_fallocate(file, 0, static_cast<off_t>(size));
  if (fault == 0) fault = mapOpen(file, size, out);
  if (fault != 0) unlink(path);
  close(file);
  return fault;
}

void unmapFile(void* memory, size_t size) { munmap(memory, size); }

int openPipe(size_t size, int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  // The usual 64 KiB wake the reader twenty times a picture. A refusal (the user's share is used up) only costs time.
  fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(size));
  return 0;
}

bool dieWithParent() { return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0; }

}  // namespace xueliang
