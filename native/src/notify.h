// A word to the service manager.
#pragma once
#include <cstddef>

namespace xueliang {

// Sends `text` as one datagram to the unix socket at `path` ('@' first: an abstract name), without waiting. Returns 0 or an errno.
int notifyService(const char* path, const char* text, size_t size);

}  // namespace xueliang
