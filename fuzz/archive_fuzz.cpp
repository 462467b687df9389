// Walks arbitrary bytes as an input: containers of every kind, nested, seekable and as a stream. The limits are small,
// so that a bomb is a quick run. Besides crashes it watches the visitor's contract.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "evidence/inputs_walk.hpp"

namespace tocsin::evidence {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

class CheckingVisitor final : public InputVisitor {
 public:
  bool begin(const Leaf& leaf) override {
    require(!open_);
    open_ = true;
    fed_ = 0;
    expanded_ = false;
    head_ = leaf.sample.head.size();
    container_ = leaf.container;
    require(head_ <= kSampleBytes);
    return true;
  }
  bool feed(ByteView block) override {
    require(open_ && !block.empty());
    fed_ += block.size();
    return true;
  }
  void end(const SourceInfo& identity) override {
    require(open_ && fed_ >= head_ && identity.container == container_);
    require(expanded_ ? fed_ >= identity.size : fed_ == identity.size);
    check_hash(identity);
    open_ = false;
  }
  void on_container(const SourceInfo& identity) override {
    require(!open_ && !identity.format.empty());
    check_hash(identity);
  }
  void on_anomaly(Anomaly anomaly) override {
    require(!anomaly.code.empty() && !anomaly.message.empty());
    expanded_ |= anomaly.code == "sparse_expanded";
  }
  void on_failed(Error) override { std::abort(); }
  void on_debug(std::string) override {}
  void finish() const { require(!open_); }

 private:
  static void check_hash(const SourceInfo& identity) {
    require(identity.sha256.empty() != identity.sha256_prefix.empty());
    require(identity.sha256_prefix.empty() || identity.sha256_prefix_length == identity.size);
  }
  bool open_ = false, expanded_ = false;
  std::uint64_t fed_ = 0, head_ = 0;
  std::string container_;
};

class BytesOpener final : public InputOpener {
 public:
  BytesOpener(ByteView bytes, bool seekable) : bytes_(bytes), seekable_(seekable) {}
  Result<std::unique_ptr<InputSource>> open(const PlannedInput&) override {
    return std::make_unique<MemorySource>(bytes_, seekable_);
  }

 private:
  ByteView bytes_;
  bool seekable_;
};

}  // namespace

// libarchive asks for memory by what a header claims and takes a refusal well; the sanitizer must refuse, not abort.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is the sanitizer's
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=1024";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ContainerLimits limits{.ratio = 50,
                               .free_member_bytes = 1U << 20U,
                               .free_input_bytes = 4U << 20U,
                               .input_expanded_bytes = 16U << 20U,
                               .input_entries = 1000,
                               .nesting = 4,
                               .held_in_memory = 1U << 20U,
                               .held_on_disk = 0,
                               .hole_bytes = 1U << 20U,
                               .hole_bytes_in_all = 4U << 20U};
  InputPlan plan;
  plan.inputs.push_back({"input", "input", size, true});
  for (const bool seekable : {true, false}) {
    BytesOpener opener({reinterpret_cast<const std::byte*>(data), size}, seekable);
    CheckingVisitor visitor;
    walk_inputs(plan, visitor, nullptr, opener, limits);
    visitor.finish();
  }
  return 0;
}

}  // namespace tocsin::evidence
