// An open file that is closed with its owner. One thread at a time.
#pragma once

#include <utility>

#include <unistd.h>

namespace tocsin::base {

class Descriptor {
 public:
  // Negative: nothing is open.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  // Whoever takes it closes it.
  int release() { return std::exchange(number_, -1); }
  // False where closing says that something was not written.
  [[nodiscard]] bool close() { return ::close(release()) == 0; }

 private:
  int number_;
};

}  // namespace tocsin::base
