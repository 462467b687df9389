#include "evidence/planned_inputs.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "base/quick_hash.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kLengthBytes = 2;

// As the joined strings compare.
bool joined_before(std::array<std::string_view, 2> a, std::array<std::string_view, 2> b) {
  std::size_t i = 0, j = 0;
  for (;;) {
    while (i < a.size() && a[i].empty()) ++i;
    while (j < b.size() && b[j].empty()) ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j != b.size();
    const std::size_t common = std::min(a[i].size(), b[j].size());
    if (const int order = a[i].substr(0, common).compare(b[j].substr(0, common)); order != 0) return order < 0;
    a[i].remove_prefix(common);
    b[j].remove_prefix(common);
  }
}

// The eight bytes of `name` from `from` on, so that numbers compare as they do.
std::uint64_t key_of(std::string_view name, std::size_t from) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < sizeof key; ++i) {
    key = key << 8 | (from + i < name.size() ? static_cast<unsigned char>(name[from + i]) : 0U);
  }
  return key;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

std::uint64_t NameArena::add(std::string_view name) {
  assert(name.size() <= kMaxName);
  const std::size_t needed = kLengthBytes + name.size();
  if (end_ % kBlock + needed > kBlock) end_ += kBlock - end_ % kBlock;
  const std::uint64_t position = end_;
  const std::size_t block = position / kBlock;
  if (block >= blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
  char* const to = blocks_[block].get() + position % kBlock;
  to[0] = static_cast<char>(name.size() & 0xFF);
  to[1] = static_cast<char>(name.size() >> 8);
  std::ranges::copy(name, to + kLengthBytes);
  end_ += needed;
  return position;
}

std::string_view NameArena::at(std::uint64_t position) const {
  const char* const from = blocks_[position / kBlock].get() + position % kBlock;
  const std::size_t length =
      static_cast<unsigned char>(from[0]) | static_cast<std::size_t>(static_cast<unsigned char>(from[1])) << 8;
  return {from + kLengthBytes, length};
}

void NameArena::rewind(std::uint64_t mark) {
  assert(mark <= end_);
  end_ = mark;
  blocks_.resize((mark + kBlock - 1) / kBlock);
}

PlannedInput PlannedInputs::operator[](std::size_t index) const {
  const Entry& entry = entries_[index];
  const Folder& folder = folders_[entry.folder];
  const std::string_view name = names_.at(entry.name);
  PlannedInput input{folder.path, folder.real_path, entry.size, entry.named_by_user};
  input.path += name;
  input.real_path += name;
  return input;
}

std::string PlannedInputs::path(std::size_t index) const {
  const Entry& entry = entries_[index];
  return std::string(folders_[entry.folder].path).append(names_.at(entry.name));
}

void PlannedInputs::push_back(const PlannedInput& input) {
  add(add_folder(input.path, input.real_path), names_.add({}), input.size, {});
  entries_.back().named_by_user = input.named_by_user;
}

std::uint32_t PlannedInputs::add_folder(std::string path, std::string real_path) {
  folders_.push_back({std::move(path), std::move(real_path)});
  return static_cast<std::uint32_t>(folders_.size() - 1);
}

void PlannedInputs::add(std::uint32_t folder, std::uint64_t name, std::uint64_t size, FileId id) {
  Entry entry;
  entry.folder = folder, entry.name = name, entry.size = size;
  const bool known = id.second != 0 && device_of(id.first, entry.device);
  if (known) entry.inode = id.second;
  entries_.push_back(entry);
  if (known) remember(static_cast<std::uint32_t>(entries_.size() - 1));
}

bool PlannedInputs::device_of(std::uint64_t device, std::uint16_t& out) {
  // Most files lie on the device of the one before.
  auto found = std::find(devices_.rbegin(), devices_.rend(), device);
  if (found == devices_.rend()) {
    if (devices_.size() > 0xFFFF) return false;
    devices_.push_back(device);
    found = devices_.rbegin();
  }
  out = static_cast<std::uint16_t>(devices_.rend() - found - 1);
  return true;
}

// Where the file is, or would be put.
std::size_t PlannedInputs::slot_of(std::uint16_t device, std::uint64_t inode) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = base::mix_hash(inode, device) & mask;
  for (; slots_[slot] != kFree; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot]];
    if (entry.inode == inode && entry.device == device) break;
  }
  return slot;
}

std::size_t PlannedInputs::find(FileId id) {
  std::uint16_t device = 0;
  if (slots_.empty() || id.second == 0 || !device_of(id.first, device)) return size();
  const std::uint32_t index = slots_[slot_of(device, id.second)];
  return index == kFree ? size() : index;
}

void PlannedInputs::remember(std::uint32_t index) {
  if ((known_ + 1) * 4 > slots_.size() * 3) {
    const std::size_t larger = std::max<std::size_t>(slots_.size() * 2, 64);
    slots_ = {};  // never both tables at once
    slots_.assign(larger, kFree);
    for (std::uint32_t i = 0; i < index; ++i) {
      if (entries_[i].inode != 0) slots_[slot_of(entries_[i].device, entries_[i].inode)] = i;
    }
  }
  slots_[slot_of(entries_[index].device, entries_[index].inode)] = index;
  ++known_;
}

bool PlannedInputs::before(const Entry& a, const Entry& b) const {
  if (a.folder == b.folder) return names_.at(a.name) < names_.at(b.name);
  return joined_before({folders_[a.folder].path, names_.at(a.name)}, {folders_[b.folder].path, names_.at(b.name)});
}

void PlannedInputs::sort() {
  slots_ = {};
  const auto order = [this](const Entry& a, const Entry& b) { return before(a, b); };
  if (!std::ranges::is_sorted(entries_, order)) std::ranges::sort(entries_, order);
}

std::size_t PlannedInputs::memory() const {
  return entries_.size() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t) + names_.memory();
}

void FolderNames::add(std::string_view name) {
  if (!cut_.empty() && name >= cut_) {
    ++left_out_;
    return;
  }
  names_.push_back({0, arena_.add(name)});
  bytes_ += name.size();
  if (names_.size() / 2 >= most_ || bytes_ / 2 >= most_bytes_) prune();
}

// Names of one folder mostly begin alike: what differs is compared first, as one number.
void FolderNames::order() {
  if (names_.empty()) return;
  const std::string_view first = arena_.at(names_.front().position);
  std::size_t common = first.size();
  for (const Name& name : names_) common = common_prefix(first.substr(0, common), arena_.at(name.position));
  for (Name& name : names_) name.key = key_of(arena_.at(name.position), common);
  std::ranges::sort(names_, [this](const Name& a, const Name& b) {
    return a.key != b.key ? a.key < b.key : arena_.at(a.position) < arena_.at(b.position);
  });
}

// Keeps as many as may be kept, from the first on. What lies behind a name that was dropped is never taken again, so
// that the order of coming plays no part.
void FolderNames::prune() {
  order();
  std::size_t keep = 0, bytes = 0;
  while (keep < names_.size() && keep < most_ && bytes + (*this)[keep].size() <= most_bytes_) {
    bytes += (*this)[keep++].size();
  }
  if (keep == names_.size()) return;
  cut_ = (*this)[keep];
  left_out_ += names_.size() - keep;
  NameArena kept;
  for (std::size_t i = 0; i < keep; ++i) names_[i].position = kept.add((*this)[i]);
  names_.resize(keep);
  arena_.rewind(begin_);
  for (Name& name : names_) name.position = arena_.add(kept.at(name.position));
  bytes_ = bytes;
}

void FolderNames::sort() {
  if (names_.size() > most_ || bytes_ > most_bytes_) {
    prune();
  } else {
    order();
  }
}

}  // namespace tocsin::evidence
