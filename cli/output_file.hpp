// Where results go: standard output, or a file that appears under its name only when it is complete.
#pragma once

#include <memory>
#include <string>

#include "tocsin/bytes.hpp"

#include "caretaker.hpp"

namespace tocsin::cli {

class Output : public ByteSink {
 public:
  // Standard output.
  Output() = default;
  // A temporary file beside `path`, opened now; a device or pipe is written directly. REQUIRES: checked by
  // check_output(), which refuses evidence.
  [[nodiscard]] static Result<std::unique_ptr<Output>> open(const std::string& path);
  ~Output() override;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] Result<void> write(std::string_view bytes) override;
  [[nodiscard]] Result<void> flush() override { return {}; }
  // Synced, and renamed to its own name. Without it the temporary file goes away.
  [[nodiscard]] Result<void> commit();
  // From now on the caretaker renames and removes, since this process may no longer. Null: it has ended, and did so.
  void hand_to(Caretaker* caretaker) { caretaker_ = caretaker, handed_over_ = true; }
  // While it is written, and its own; empty for standard output, and for what is written directly.
  [[nodiscard]] const std::string& temporary() const { return temporary_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  // The reader at the other end went away: no error worth a word.
  [[nodiscard]] bool is_closed_pipe() const { return closed_pipe_; }

 private:
  int descriptor_ = 1;
  bool closed_pipe_ = false, handed_over_ = false;
  Caretaker* caretaker_ = nullptr;
  std::string path_, temporary_;  // empty: standard output; empty: written directly
};

}  // namespace tocsin::cli
