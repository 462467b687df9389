#include "scan/live_blocks.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scan/script_blocks_testing.hpp"

namespace tocsin::scanning {
namespace {

class LiveBlocksTest : public ::testing::Test {
 protected:
  void add(const std::string& id, int number, int total, const std::string& text) {
    ASSERT_TRUE(blocks_.add(testing::script_block_part(fields_, 0, id, number, total, text), fields_, visit_));
  }
  model::FieldTable fields_ = testing::script_block_fields();
  LiveBlocks blocks_;
  std::vector<std::string> told_;
  LiveBlocks::Visit visit_ = [this](const ScriptBlock& block) -> Result<void> {
    const std::string text(block.event->get(*fields_.find("ScriptBlockText"))[0].text);
    told_.push_back(text.substr(0, 4));
    return {};
  };
};

TEST_F(LiveBlocksTest, GivesABlockWithItsLastPart) {
  add("{A}", 1, 2, "a1");
  add("{B}", 2, 2, "b2");
  add("{A}", 2, 2, "a2");
  EXPECT_EQ(told_, (std::vector<std::string>{"a1a2"}));
  ASSERT_TRUE(blocks_.look(fields_, visit_, false));
  EXPECT_EQ(told_.size(), 1U);
  ASSERT_TRUE(blocks_.look(fields_, visit_, true));
  EXPECT_EQ(told_.back(), "b2");
}

TEST_F(LiveBlocksTest, GivesTheOneThatGotNoPartForLongest) {
  const std::string much(LiveBlocks::kMaxBytes / 3, '.');
  add("{Z}", 1, 9, "z1  " + much);
  add("{A}", 1, 9, "a1  " + much);
  add("{Z}", 2, 9, "z2  ");
  EXPECT_TRUE(told_.empty());
  add("{M}", 1, 9, "m1  " + much);
  EXPECT_EQ(told_, (std::vector<std::string>{"a1  "}));
}

}  // namespace
}  // namespace tocsin::scanning
