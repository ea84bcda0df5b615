#include "crew.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

// Of libuv, which is a part of Node: pthread_create itself would ask for a newer C library than the rest of this does.
extern "C" {
int uv_thread_create(unsigned long* thread, void (*entry)(void* on), void* on);
int uv_thread_join(unsigned long* thread);
unsigned int uv_available_parallelism(void);
}

namespace xueliang {
namespace {

// Who is inside and has to wait for a processor keeps the call waiting: then the next calls go alone.
constexpr double kPatienceMs = 1;
constexpr uint32_t kCallsAlone = 10;

double nowMs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void sleepWhile(std::atomic<uint32_t>& word, uint32_t value) { syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0); }
void wake(std::atomic<uint32_t>& word) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0); }

}  // namespace

void Crew::sideBySide(void (*work)(void* on), void* on) {
  if (!isHired_) hire();
  if (hired_ == 0 || alone_ > 0) {
    alone_ -= alone_ > 0;
    return work(on);
  }
  work_ = work;
  on_ = on;
  door_.store(0);
  calls_.fetch_add(1);
  wake(calls_);
  work(on);
  const double fromMs = nowMs();
  uint32_t inside = door_.fetch_or(kClosed) | kClosed;
  while (inside != kClosed) {
    sleepWhile(door_, inside);
    inside = door_.load();
  }
  if (nowMs() - fromMs > kPatienceMs) alone_ = kCallsAlone;
}

void Crew::hire() {
  isHired_ = true;
  const size_t processors = uv_available_parallelism();
  const auto entry = [](void* crew) { static_cast<Crew*>(crew)->help(); };
  while (hired_ < kMostOthers && hired_ + 1 < processors && uv_thread_create(&threads_[hired_], entry, this) == 0) hired_++;
}

void Crew::help() {
  for (uint32_t heard = 0;;) {
    while (calls_.load() == heard) sleepWhile(calls_, heard);
    heard = calls_.load();
    if (isOver_.load()) return;
    if (!enter()) continue;
    work_(on_);
    leave();
  }
}

bool Crew::enter() {
  uint32_t inside = door_.load();
  while ((inside & kClosed) == 0)
    if (door_.compare_exchange_weak(inside, inside + 1)) return true;
  return false;
}

void Crew::leave() {
  if (door_.fetch_sub(1) - 1 == kClosed) wake(door_);
}

void Crew::dismiss() {
  isOver_.store(true);
  calls_.fetch_add(1);
  wake(calls_);
  for (size_t i = 0; i < hired_; i++) uv_thread_join(&threads_[i]);
  hired_ = 0;
}

}  // namespace xueliang
