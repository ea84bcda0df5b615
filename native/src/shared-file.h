// What processes share: memory through a file (meant for /dev/shm), a wide pipe, and their end.
#pragma once
#include <cstddef>

namespace xueliang {

// Maps the first `size` bytes of an existing file. Returns 0 or an errno; EMSGSIZE for a file that is smaller.
int mapFile(const char* path, size_t size, void** out);

// Makes a new file of `size` bytes with its pages reserved, and maps it. Returns 0 or an errno, and leaves no file then.
int createFile(const char* path, size_t size, void** out);

void unmapFile(void* memory, size_t size);

// A pipe that other programs do not inherit, with room for about `size` bytes where the kernel grants it. Returns 0 or an
// errno; ends[0] is read from, ends[1] written to.
int openPipe(size_t size, int ends[2]);

// SIGKILL for this process when the thread that started it ends. False when the kernel refuses.
bool dieWithParent();

}  // namespace xueliang
