#include "detect/sigma/evidence_class.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::sigma {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

RuleInfo rule(std::string id, LogSource logsource) {
  RuleInfo info;
  info.id = std::move(id);
  info.logsource = std::move(logsource);
  return info;
}

TEST(EvidenceClasses, BehaviourIsTheDefaultAndAntivirusProvesMore) {
  const EvidenceClasses classes = EvidenceClasses::builtin();
  EXPECT_EQ(classes.class_of(rule("a", {"windows", "process_creation", "", ""})), EvidenceClass::e6);
  EXPECT_EQ(classes.class_of(rule("a", {"", "antivirus", "", ""})), EvidenceClass::e2);
  for (const EvidenceClasses::Entry& entry : classes.entries()) EXPECT_FALSE(entry.why.empty());
}

TEST(EvidenceClasses, ARulesOwnEntryComesFirst) {
  std::vector<RuleProblem> problems;
  const EvidenceClasses classes = EvidenceClasses::load(
      "t.yml", "classes:\n- {product: aws, class: E7}\n- {rule: AB-1, class: E1}\n- {service: s, class: E3}\n",
      problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(classes.class_of(rule("ab-1", {"aws", "", "s", ""})), EvidenceClass::e1);
  EXPECT_EQ(classes.class_of(rule("x", {"aws", "", "s", ""})), EvidenceClass::e7);
  EXPECT_EQ(classes.class_of(rule("x", {"gcp", "", "s", ""})), EvidenceClass::e3);
}

TEST(EvidenceClasses, WrongEntriesAreProblems) {
  for (const std::string_view text :
       {"- a\n", "classes: 1\n", "classes:\n- {class: E1}\n", "classes:\n- {rule: a, category: b, class: E1}\n",
        "classes:\n- {rule: a, class: E8}\n", "classes:\n- {rule: a, klass: E1, class: E1}\n", "classes: [\n"}) {
    std::vector<RuleProblem> problems;
    (void)EvidenceClasses::load("t.yml", text, problems);
    EXPECT_THAT(problems, SizeIs(1)) << text;
  }
}

}  // namespace
}  // namespace tocsin::sigma
