#include "evidence/inputs_labels.hpp"

#include <algorithm>
#include <numeric>

namespace tocsin::evidence {
namespace {

struct Label {
  std::string_view absolute;
  std::size_t begin = 0;  // the label is absolute.substr(begin)
  [[nodiscard]] std::string_view text() const { return absolute.substr(begin); }
  [[nodiscard]] bool whole() const { return begin <= 1; }
  void extend() {
    const std::size_t slash = absolute.rfind('/', begin - 2);
    begin = slash + 1;
  }
};

bool is_above(std::string_view folder, std::string_view path) {
  if (folder.empty()) return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// By components, so that a folder comes right before everything below it.
bool component_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const int left = x == '/' ? -1 : static_cast<unsigned char>(x);
    const int right = y == '/' ? -1 : static_cast<unsigned char>(y);
    return left < right;
  });
}

// Marks each label that equals another or is above or below another.
std::vector<bool> find_conflicts(const std::vector<Label>& labels) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return component_less(labels[a].text(), labels[b].text()); });
  std::vector<bool> marked(labels.size(), false);
  std::size_t top = 0;  // position of the nearest label that may be above the current one
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (is_above(labels[order[top]].text(), labels[order[i]].text())) {
      marked[order[top]] = true;
      marked[order[i]] = true;
    } else {
      top = i;
    }
  }
  return marked;
}

}  // namespace

std::string normalised_absolute(std::string_view path, std::string_view working_folder) {
  std::string whole;
  if (!path.starts_with('/')) whole.append(working_folder).push_back('/');
  whole.append(path);
  std::string result;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string_view component = std::string_view(whole).substr(at, end - at);
    if (component == "..") {
      result.resize(result.empty() ? 0 : result.rfind('/'));
    } else if (!component.empty() && component != ".") {
      result.append("/").append(component);
    }
    at = end + 1;
  }
  return result.empty() ? "/" : result;
}

std::vector<std::string> make_labels(const std::vector<std::string>& absolutes) {
  std::vector<Label> labels;
  labels.reserve(absolutes.size());
  for (const std::string& absolute : absolutes) labels.push_back({absolute, absolute.rfind('/') + 1});
  for (bool extended = true; extended;) {
    extended = false;
    const std::vector<bool> conflicts = find_conflicts(labels);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!conflicts[i] || labels[i].whole()) continue;
      labels[i].extend();
      extended = true;
    }
  }
  std::vector<std::string> texts;
  texts.reserve(labels.size());
  for (const Label& label : labels) texts.emplace_back(label.text());
  return texts;
}

}  // namespace tocsin::evidence
