// Sorts more than fits into memory: records are kept until a budget is reached, then sorted and spilled as a run into
// one scratch file; walking merges the runs. The scratch file is opened (and unlinked) when the sorter is made, so that
// nothing opens a path for writing later.
//
// Order: by key bytes, then by the order of addition (stable). Walking may be repeated; adding after a walk is allowed.
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::base {

class ExternalSort {
 public:
  static constexpr std::size_t kDefaultBudget = std::size_t{32} << 20;

  // The scratch file lies in $TMPDIR, else /tmp.
  [[nodiscard]] static Result<ExternalSort> make(std::size_t budget = kDefaultBudget);
  ExternalSort(ExternalSort&&) noexcept;
  ExternalSort& operator=(ExternalSort&&) noexcept;
  ~ExternalSort();

  [[nodiscard]] Result<void> add(std::string_view key, std::string_view payload);
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::size_t spilled_runs() const;
  // Views live until the visitor returns. A visitor's error ends the walk with it.
  using Visitor = std::function<Result<void>(std::string_view key, std::string_view payload)>;
  [[nodiscard]] Result<void> each(const Visitor& visit) const;

 private:
  struct State;
  explicit ExternalSort(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::base
