// What has to be done on the disk when the work ends, and that the sandbox forbids to whoever reads evidence: giving
// the output its name, keeping compiled rules, and taking temporary files away. A small process does it that is started
// before the sandbox is entered, reads no evidence, and knows from its beginning what it may do. It also cleans up
// where the reading process was killed.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::cli {

class Caretaker {
 public:
  // The one file of compiled rules that may be written (tocsin/ruleset.hpp); none where they are empty.
  struct RuleKeeping {
    std::string folder, name;
  };
  struct Duties {
    std::string temporary, output;  // the output while it is written, and its own name; both may be empty
    std::string scratch;            // a folder that goes, with all in it; may be empty
    RuleKeeping rules;
  };
  // REQUIRES: no thread was started yet.
  [[nodiscard]] static Result<std::unique_ptr<Caretaker>> start(const Duties& duties);
  // What is left of temporary files is removed, and waited for.
  ~Caretaker();
  Caretaker(const Caretaker&) = delete;
  Caretaker& operator=(const Caretaker&) = delete;

  // Renames the temporary file to the output. 0, or the errno.
  [[nodiscard]] int name_output();
  // Writes the file of compiled rules, or ends that duty where there are no bytes. Once: rules are loaded before
  // evidence is read, and whoever reads evidence must not have a say in which rules the next run judges with.
  [[nodiscard]] Result<void> keep_rules(std::string_view bytes);

 private:
  Caretaker(int channel, int process) : channel_(channel), process_(process) {}
  int channel_, process_;
};

// Takes a folder with all in it away, as far as that is possible.
void remove_folder(const std::string& folder);

}  // namespace tocsin::cli
