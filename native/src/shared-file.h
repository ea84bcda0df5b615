// Memory shared between processes through a file, meant for /dev/shm.
#pragma once
#include <cstddef>

namespace xueliang {

// Maps the first `size` bytes of an existing file. Returns 0 or an errno; EMSGSIZE for a file that is smaller.
int mapFile(const char* path, size_t size, void** out);

// Makes a new file of `size` bytes with its pages reserved, and maps it. Returns 0 or an errno, and leaves no file then.
int createFile(const char* path, size_t size, void** out);

void unmapFile(void* memory, size_t size);

// SIGKILL for this process when the thread that started it ends. False when the kernel refuses.
bool dieWithParent();

}  // namespace xueliang
