#include "evidence/container/level.hpp"

#include <cassert>

#include "evidence/container/budget.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::uint64_t kReadAhead = 262144;  // a container may have been read this far before a member began

Trouble over(const char* code, std::uint64_t ratio, std::uint64_t out, std::uint64_t in, const char* left_out) {
  return {code,
          "expected at most " + std::to_string(ratio) + " bytes out of each byte in, found " + std::to_string(out) +
              " out of " + std::to_string(in) + "; the rest of " + left_out + " was not read",
          "if it is no bomb, extract it and scan the folder"};
}

}  // namespace

void MemberSource::check_budget() {
  const std::uint64_t consumed = reader_.consumed() - consumed_before_ + kReadAhead;
  if (usage_.over_expansion(limits_)) {
    over_budget_ = over("container_expansion", limits_.ratio, usage_.expanded, usage_.input_bytes(), "the input");
  } else if (position_ > limits_.free_member_bytes && position_ / limits_.ratio > consumed) {
    over_budget_ = over("container_ratio", limits_.ratio, position_, consumed, "the member");
  }
}

Result<std::size_t> MemberSource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  assert(offset == position_);
  static_cast<void>(offset);
  if (out.empty()) return std::size_t{0};
  const std::optional<std::size_t> got = reader_.read(out);
  if (!got) return fail(ErrorCode::malformed, reader_.trouble().message, {}, reader_.trouble().remedy);
  position_ += *got;
  usage_.expanded += *got;
  check_budget();
  if (over_budget_) return fail(ErrorCode::limit, over_budget_->message, {}, over_budget_->remedy);
  return *got;
}

}  // namespace tocsin::evidence
