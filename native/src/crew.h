// Threads that lend a hand with one call: none of them touches anything of it once the call has returned.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace xueliang {

// Numbers from 0 up to `count`, a few at a time to whoever asks first.
class Portions {
 public:
  Portions(size_t count, size_t size) : count_(count), size_(size) {}

  // Whether there is another portion; its numbers are `from` up to `to`, exclusive.
  bool take(size_t& from, size_t& to) {
    from = next_.fetch_add(size_, std::memory_order_relaxed);
    to = from + size_ < count_ ? from + size_ : count_;
    return from < count_;
  }

 private:
  const size_t count_, size_;
  std::atomic<size_t> next_{0};
};

// Hired with the first call, asleep between calls, gone with the JavaScript thread that they belong to.
class Crew {
 public:
  // Calls `work` on this thread, and on the others as far as they wake in time. Whoever comes late finds the door closed and is
  // not waited for: a busy machine may leave him asleep for long. Returns when nobody is at it any more.
  void sideBySide(void (*work)(void* on), void* on);
  void dismiss();

 private:
  // The cameras' own work goes on meanwhile.
  static constexpr size_t kMostOthers = 3;
  static constexpr uint32_t kClosed = 0x80000000;

  void hire();
  bool enter();
  void leave();
  void help();

  unsigned long threads_[kMostOthers];
  size_t hired_ = 0;
  bool isHired_ = false;
  // So many calls nobody lends a hand with: the machine is busy.
  uint32_t alone_ = 0;
  std::atomic<bool> isOver_{false};
  // How often somebody was called; the threads sleep on it.
  std::atomic<uint32_t> calls_{0};
  // How many are at it, and whether nobody else is let in.
  std::atomic<uint32_t> door_{kClosed};
  void (*work_)(void* on) = nullptr;
  void* on_ = nullptr;
};

}  // namespace xueliang
