#include "notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace xueliang {

int notifyService(const char* path, const char* text, size_t size) {
  const size_t length = strlen(path);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (length < 2 || length >= sizeof address.sun_path) return EINVAL;
  memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (file < 0) return errno;
  // An abstract name ends where it ends and not at a zero.
  const auto room = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  const ssize_t sent = sendto(file, text, size, MSG_DONTWAIT | MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), room);
  const int fault = sent < 0 ? errno : 0;
  close(file);
  return fault;
}

}  // namespace xueliang
