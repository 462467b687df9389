// PowerShell's script blocks put together the plain way: all parts are kept, sorted by what belongs together and by
// number. Shares nothing with src/scan.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/event.hpp"
#include "model/owned_event.hpp"

namespace tocsin::oracle {

class ScriptBlocks {
 public:
  // Keeps the event where it is a part (4104, MessageTotal over 1, with MessageNumber and ScriptBlockId).
  void add(const model::Event& event, const model::FieldTable& table);
  // Each block once: the first part's event with the texts of all. Of parts that come twice the n-th make the n-th
  // block.
  [[nodiscard]] std::vector<std::unique_ptr<model::OwnedEvent>> finish(const model::FieldTable& table) const;

 private:
  struct Part {
    std::string computer, id, number;                // id folded
    std::size_t copy = 0;                            // how many of this number were there before
    std::shared_ptr<const model::OwnedEvent> event;  // for its head
    std::vector<model::OwnedField> fields{};
  };
  [[nodiscard]] static bool same_block(const Part& a, const Part& b);

  std::vector<Part> parts_;
};

}  // namespace tocsin::oracle
