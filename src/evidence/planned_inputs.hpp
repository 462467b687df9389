// The files of a plan, kept so small that ten million fit: the path of a folder once for all that lies in it, of each
// file its own name and some 40 bytes. What is asked for is put together on demand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::evidence {

struct PlannedInput {
  std::string path;       // as results name it: from the argument's own name on, '/'-separated, made unambiguous
  std::string real_path;  // to open; "-" is standard input. Never part of results
  std::uint64_t size = 0;
  bool named_by_user = false;  // itself an argument: failing to open it is exit code 2
};

// Names one behind the other in blocks that never move. A name's position is a number.
class NameArena {
 public:
  static constexpr std::size_t kMaxName = 0xFFFF;
  // REQUIRES: at most kMaxName bytes.
  std::uint64_t add(std::string_view name);
  // The view lives until the name is rewound.
  [[nodiscard]] std::string_view at(std::uint64_t position) const;
  // Where the next name goes; rewind() forgets it and all behind it.
  [[nodiscard]] std::uint64_t mark() const { return end_; }
  void rewind(std::uint64_t mark);
  [[nodiscard]] std::size_t memory() const { return blocks_.size() * kBlock; }

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 18;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::uint64_t end_ = 0;
};

class PlannedInputs {
 public:
  using FileId = std::pair<std::uint64_t, std::uint64_t>;  // device, inode; inode 0: unknown
  class Iterator;

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] PlannedInput operator[](std::size_t index) const;
  [[nodiscard]] std::string path(std::size_t index) const;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;

  // A file by itself.
  void push_back(const PlannedInput& input);
  // What its files' paths begin with, up to and with the last '/'.
  [[nodiscard]] std::uint32_t add_folder(std::string path, std::string real_path);
  // `name`: a position in names(), kept until the end.
  void add(std::uint32_t folder, std::uint64_t name, std::uint64_t size, FileId id);
  [[nodiscard]] NameArena& names() { return names_; }

  // The index of an earlier file with this id, or size(). REQUIRES: not sorted yet.
  [[nodiscard]] std::size_t find(FileId id);
  void set_named_by_user(std::size_t index) { entries_[index].named_by_user = true; }
  // By path bytes. Afterwards nothing may be added.
  void sort();
  // Bytes held, without what the folders' paths take.
  [[nodiscard]] std::size_t memory() const;

 private:
  struct Entry {
    std::uint64_t name = 0, size = 0, inode = 0;
    std::uint32_t folder = 0;
    std::uint16_t device = 0;  // in devices_
    bool named_by_user = false;
  };
  struct Folder {
    std::string path, real_path;
  };
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;

  [[nodiscard]] bool before(const Entry& a, const Entry& b) const;
  // False: there are too many devices to know this one.
  [[nodiscard]] bool device_of(std::uint64_t device, std::uint16_t& out);
  [[nodiscard]] std::size_t slot_of(std::uint16_t device, std::uint64_t inode) const;
  void remember(std::uint32_t index);

  std::vector<Folder> folders_;
  std::deque<Entry> entries_;  // grows without a second copy
  NameArena names_;
  std::vector<std::uint64_t> devices_;
  std::vector<std::uint32_t> slots_;  // open addressing by device and inode: indexes of entries, or kFree
  std::size_t known_ = 0;
};

// Gives values, not references.
class PlannedInputs::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = PlannedInput;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = PlannedInput;
  Iterator(const PlannedInputs& inputs, std::size_t index) : inputs_(&inputs), index_(index) {}
  PlannedInput operator*() const { return (*inputs_)[index_]; }
  Iterator& operator++() {
    ++index_;
    return *this;
  }
  bool operator==(const Iterator& other) const { return index_ == other.index_; }

 private:
  const PlannedInputs* inputs_;
  std::size_t index_;
};

inline PlannedInputs::Iterator PlannedInputs::begin() const {
  return {*this, 0};
}
inline PlannedInputs::Iterator PlannedInputs::end() const {
  return {*this, size()};
}

// The names of one folder while it is listed. Of more than `most` names, or bytes of names, the first in the order of
// bytes are kept, whatever the order in which they come.
class FolderNames {
 public:
  FolderNames(NameArena& arena, std::size_t most, std::size_t most_bytes)
      : arena_(arena), begin_(arena.mark()), most_(most), most_bytes_(most_bytes) {}
  // REQUIRES: at most NameArena::kMaxName bytes.
  void add(std::string_view name);
  // Once, behind the last name; then they can be asked for.
  void sort();
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] std::uint64_t position(std::size_t index) const { return names_[index].position; }
  [[nodiscard]] std::string_view operator[](std::size_t index) const { return arena_.at(names_[index].position); }
  // How many were not kept, and the first of them.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] const std::string& first_left_out() const { return cut_; }

 private:
  struct Name {
    std::uint64_t key = 0;  // bytes behind what all names have in common, to compare first
    std::uint64_t position = 0;
  };
  void order();
  void prune();

  NameArena& arena_;
  std::uint64_t begin_;
  std::size_t most_, most_bytes_;
  std::size_t bytes_ = 0;
  std::vector<Name> names_;
  std::uint64_t left_out_ = 0;
  std::string cut_;  // this name and what lies behind it are not wanted; empty: all are
};

}  // namespace tocsin::evidence
