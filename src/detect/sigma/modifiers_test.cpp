// Every modifier against what a field can hold: docs/formats/sigma.md, D1 to D22.
#include <gtest/gtest.h>

#include "detect/sigma/rule_bench.hpp"

namespace tocsin::sigma {
namespace {

using testing::Fields;
using testing::Kind;

struct Case {
  std::string_view item;
  std::string_view value;  // of the field F
  bool matches;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.item << " against '" << one.value << "'";
}

class OneText : public ::testing::TestWithParam<Case> {};

TEST_P(OneText, IsJudged) {
  const Case& one = GetParam();
  const testing::Outcome outcome = testing::judge_item(one.item, {testing::text("F", std::string(one.value))});
  ASSERT_TRUE(outcome.compiled) << outcome.problem;
  EXPECT_EQ(outcome.matched, one.matches);
}

INSTANTIATE_TEST_SUITE_P(Plain, OneText,
                         ::testing::Values(Case{"F: abc", "ABC", true}, Case{"F: abc", "abcd", false},
                                           Case{"F: 'a*c'", "axxxc", true}, Case{"F: 'a*c'", "a\r\nc", true},
                                           Case{"F: 'a?c'", "ac", false}, Case{"F: 'a?c'", "a\nc", true},
                                           Case{"F: 'a?c'", "a\u00e4c", true},
                                           Case{"F: 'a?c'",
                                                "a\xFF"
                                                "c",
                                                true},
                                           Case{"F: 'a\\*c'", "a*c", true}, Case{"F: 'a\\*c'", "abc", false},
                                           Case{"F: 'a\\\\*c'", "a\\bc", true}, Case{"F: 'a\\\\*c'", "abc", false},
                                           Case{"F: 'a\\\\\\*c'", "a\\*c", true},
                                           Case{"F: 'a\\\\\\\\c'", "a\\\\c", true},
                                           Case{"F: 'a\\\\\\c'", "a\\\\c", true}, Case{"F: 'a\\bc'", "a\\bc", true},
                                           Case{"F: \u00c4\u03a3", "\u00e4\u03c2", true}, Case{"F: k", "\u212a", true},
                                           Case{"F: stra\u00dfe", "STRASSE", false}, Case{"F: ' a'", "a", false},
                                           Case{"F: ''", "", true}, Case{"F: ''", " ", false}, Case{"F: '*'", "", true},
                                           Case{"F: null", "", false}, Case{"F: [x, abc]", "abc", true}));

INSTANTIATE_TEST_SUITE_P(
    Sides, OneText,
    ::testing::Values(Case{"F|contains: b", "abc", true}, Case{"F|contains: b", "ac", false},
                      Case{"F|contains: ''", "", true}, Case{"F|startswith: ab", "ABc", true},
                      Case{"F|startswith: bc", "abc", false}, Case{"F|endswith: bc", "aBC", true},
                      Case{"F|endswith: ab", "abc", false}, Case{"F|contains: 'C:\\'", "x C:\\y", true},
                      Case{"F|contains: 'C:\\'", "C:*", false}, Case{"F|startswith: 'a*c'", "abbcd", true},
                      Case{"F|endswith: 'a?c'", "xxabc", true}, Case{"F|endswith: 'a?c'", "abcd", false},
                      Case{"F|contains|all: [a, c]", "abc", true}, Case{"F|contains|all: [a, x]", "abc", false},
                      Case{"F|contains: 12", "x123", true}, Case{"F|contains: \u00e4", "x\u00c4y", true}));

INSTANTIATE_TEST_SUITE_P(Cased, OneText,
                         ::testing::Values(Case{"F|cased: Abc", "Abc", true}, Case{"F|cased: Abc", "abc", false},
                                           Case{"F|contains|cased: B", "aBc", true},
                                           Case{"F|contains|cased: b", "aBc", false}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, OneText,
    ::testing::Values(Case{"F: 4688", "4688", true}, Case{"F: 4688", "04688", true}, Case{"F: 4688", "0x1250", false},
                      Case{"F: 4688", "4688.0", true}, Case{"F: 4688", " 4688", false}, Case{"F: -0", "0", true},
                      Case{"F: '4688'", "04688", false}, Case{"F: 0.5", "5e-1", true},
                      Case{"F: 12345678901234567890123", "12345678901234567890123", true},
                      Case{"F: 12345678901234567890123", "12345678901234567890124", false},
                      Case{"F: true", "TRUE", true}, Case{"F: true", "1", false}, Case{"F|gt: 5", "6", true},
                      Case{"F|gt: 5", "5", false}, Case{"F|gte: 5", "5", true}, Case{"F|lt: -5", "-6", true},
                      Case{"F|lt: -5", "-4", false}, Case{"F|lte: 2.5", "2.5", true}, Case{"F|gt: 5", "six", false},
                      Case{"F|gt: 5", "", false}, Case{"F|lt: 18446744073709551616", "18446744073709551615", true}));

INSTANTIATE_TEST_SUITE_P(
    Encodings, OneText,
    ::testing::Values(Case{"F|base64: hello", "aGVsbG8=", true}, Case{"F|base64: hello", "agvsbg8=", true},
                      Case{"F|base64|cased: hello", "agvsbg8=", false},
                      Case{"F|base64|contains: hel", "xxaGVsxx", true},
                      Case{"F|base64offset|contains: secret", "eHNlY3JldHg=", true},
                      Case{"F|base64offset|contains: secret", "c2VjcmV0", true},
                      Case{"F|base64offset|contains: secret", "eHhzZWNyZXQ=", true},
                      Case{"F|base64offset|contains: secret", "c2VjcmUx", false},
                      Case{"F|wide|base64offset|contains: foo", "ZgBvAG8A", true},
                      Case{"F|utf16le|base64: foo", "ZgBvAG8A", true}, Case{"F|utf16be|base64: foo", "AGYAbwBv", true},
                      Case{"F|utf16|base64: foo", "//5mAG8AbwA=", true}, Case{"F|utf16le|base64: \u00e9", "6QA=", true},
                      Case{"F|windash|base64: '-a b'", "L2EgYg==", true}));

INSTANTIATE_TEST_SUITE_P(Dashes, OneText,
                         ::testing::Values(Case{"F|windash|contains: ' -f'", "cmd /F x", true},
                                           Case{"F|windash|contains: ' -f'", "cmd -f", true},
                                           Case{"F|windash|contains: ' -f'", "cmd \u2013f", true},
                                           Case{"F|windash|contains: ' -f'", "cmd \u2014f", true},
                                           Case{"F|windash|contains: ' -f'", "cmd \u2015f", true},
                                           Case{"F|windash|contains: ' /f'", "cmd -f", true},
                                           Case{"F|windash|contains: 'a-f'", "a/f", false},
                                           Case{"F|windash|contains: ' -f -g'", "x /f \u2013g", true},
                                           Case{"F|windash|contains: '--f'", "-/f", true},
                                           Case{"F|windash|contains: '--f'", "//f", false},
                                           Case{"F|contains: ' -f'", "cmd /f", false}));

INSTANTIATE_TEST_SUITE_P(Expressions, OneText,
                         ::testing::Values(Case{"F|re: 'a.c'", "xabcx", true}, Case{"F|re: 'a.c'", "ABC", false},
                                           Case{"F|re|i: 'a.c'", "ABC", true},
                                           Case{"F|re|ignorecase: 'a.c'", "ABC", true},
                                           Case{"F|re: 'a.c'", "a\nc", false}, Case{"F|re|s: 'a.c'", "a\nc", true},
                                           Case{"F|re|dotall: 'a.c'", "a\nc", true}, Case{"F|re: '^b'", "a\nb", false},
                                           Case{"F|re|m: '^b'", "a\nb", true},
                                           Case{"F|re|multiline: 'a$'", "a\nb", true}, Case{"F|re: 'a$'", "a\n", false},
                                           Case{"F|re|i|m|s: '^A.b$'", "x\na\nB", true},
                                           Case{"F|re: '(?i)abc'", "ABC", true}, Case{"F|re: '\\d{2,3}'", "x12", true},
                                           Case{"F|re: ''", "", true}));

INSTANTIATE_TEST_SUITE_P(
    Networks, OneText,
    ::testing::Values(Case{"F|cidr: 10.0.0.0/8", "10.1.2.3", true}, Case{"F|cidr: 10.0.0.0/8", "11.1.2.3", false},
                      Case{"F|cidr: 10.0.0.0/8", "::ffff:10.0.0.1", true},
                      Case{"F|cidr: 'fe80::/10'", "fe80::1%eth0", true}, Case{"F|cidr: 'fe80::/10'", "ff80::1", false},
                      Case{"F|cidr: 10.0.0.0/8", "ten", false}, Case{"F|cidr: 10.0.0.0/8", "", false},
                      Case{"F|cidr: 0.0.0.0/0", "255.1.1.1", true}, Case{"F|cidr: 192.168.1.1", "192.168.1.1", true},
                      Case{"F|cidr: 192.168.0.0/23", "192.168.1.9", true},
                      Case{"F|cidr: [127.0.0.0/8, '::1/128']", "::1", true}));

INSTANTIATE_TEST_SUITE_P(
    Times, OneText,
    ::testing::Values(Case{"F|hour: 3", "2024-02-29T03:59:59Z", true},
                      Case{"F|hour: 3", "2024-02-29T03:59:59+01:00", false},
                      Case{"F|hour: 3", "2024-02-29T08:59:59+05", true},
                      Case{"F|hour: 3", "2024-02-28 22:59:59-0500", true},
                      Case{"F|minute: 59", "2024-02-29T03:59:59Z", true}, Case{"F|day: 29", "2024-02-29", true},
                      Case{"F|month: 2", "2024-02-29", true}, Case{"F|year: 2024", "2024-02-29 10:00:00", true},
                      Case{"F|week: 1", "2024-12-30", true}, Case{"F|week: 53", "2021-01-03", true},
                      Case{"F|hour|gte: 22", "2024-02-29T23:00:00Z", true},
                      Case{"F|gte|hour: 22", "2024-02-29T21:00:00Z", false}, Case{"F|hour: 3", "three", false}));

INSTANTIATE_TEST_SUITE_P(Negation, OneText,
                         ::testing::Values(Case{"F|neq: a", "b", true}, Case{"F|neq: a", "A", false},
                                           Case{"F|neq: [a, b]", "b", false}, Case{"F|neq: [a, b]", "c", true},
                                           Case{"F|neq: 5", "05", false}, Case{"F|neq|contains: a", "bab", false},
                                           Case{"F|exists: true", "", true}, Case{"F|exists: false", "", false}));

struct Held {
  std::string_view item;
  bool absent, null, empty, list;  // list: "one", "two"
};

void PrintTo(const Held& one, std::ostream* out) {
  *out << one.item;
}

class WhatAFieldHolds : public ::testing::TestWithParam<Held> {};

TEST_P(WhatAFieldHolds, IsKeptApart) {
  const Held& one = GetParam();
  const auto judge = [&](Fields fields) {
    const testing::Outcome outcome = testing::judge_item(one.item, std::move(fields));
    EXPECT_TRUE(outcome.compiled) << outcome.problem;
    return outcome.matched;
  };
  EXPECT_EQ(judge({}), one.absent) << "absent";
  EXPECT_EQ(judge({testing::null("F")}), one.null) << "null";
  EXPECT_EQ(judge({testing::text("F", "")}), one.empty) << "empty";
  EXPECT_EQ(judge({testing::text("F", "one"), testing::text("F", "two")}), one.list) << "list";
}

INSTANTIATE_TEST_SUITE_P(
    All, WhatAFieldHolds,
    ::testing::Values(Held{"F: two", false, false, false, true}, Held{"F: ''", false, false, true, false},
                      Held{"F: '*'", false, false, true, true}, Held{"F: null", true, true, false, false},
                      Held{"F|exists: true", false, true, true, true},
                      Held{"F|exists: false", true, false, false, false}, Held{"F|neq: two", true, true, true, false},
                      Held{"F|neq: null", false, false, true, true},
                      Held{"F|contains|all: [n, w]", false, false, false, true},
                      Held{"F|all: [one, three]", false, false, false, false},
                      Held{"F|re: '^t'", false, false, false, true}, Held{"F|re: '.*'", false, false, true, true},
                      Held{"F|contains: ''", false, false, true, true}, Held{"F|lt: 5", false, false, false, false},
                      Held{"F|cidr: '::/0'", false, false, false, false},
                      Held{"F|fieldref: G", false, false, false, false}, Held{"F: 0", false, false, false, false},
                      Held{"F|hour: 0", false, false, false, false}, Held{"F|windash: -a", false, false, false, false},
                      Held{"F|base64: a", false, false, false, false}, Held{"F|cased: two", false, false, false, true},
                      Held{"F: [two, null]", true, true, false, true}));

TEST(FieldReference, ComparesAnyValueWithAny) {
  const Fields same{testing::text("F", "AB"), testing::text("G", "x"), testing::text("G", "ab")};
  EXPECT_TRUE(testing::judge_item("F|fieldref: G", same).matched);
  EXPECT_FALSE(testing::judge_item("F|fieldref|cased: G", same).matched);
  EXPECT_FALSE(testing::judge_item("F|fieldref|neq: G", same).matched);
  const Fields longer{testing::text("F", "xABy"), testing::text("G", "ab")};
  EXPECT_FALSE(testing::judge_item("F|fieldref: G", longer).matched);
  EXPECT_TRUE(testing::judge_item("F|fieldref|contains: G", longer).matched);
  EXPECT_FALSE(testing::judge_item("F|fieldref|endswith: G", longer).matched);
  EXPECT_FALSE(testing::judge_item("F|fieldref|startswith: G", longer).matched);
  EXPECT_TRUE(
      testing::judge_item("F|startswith|fieldref: G", {testing::text("F", "ABy"), testing::text("G", "ab")}).matched);
  EXPECT_FALSE(testing::judge_item("F|fieldref: G", {testing::null("F"), testing::null("G")}).matched);
  EXPECT_TRUE(testing::judge_item("F|fieldref: G", {testing::number("F", "5"), testing::text("G", "5")}).matched);
}

TEST(Keywords, LookIntoEveryValueAndNoName) {
  const Fields fields{testing::text("Name", "first value"), testing::number("Other", "77"), testing::text("", "loose")};
  const auto judge = [&](std::string_view keywords) {
    return testing::judge("keywords:\n" + std::string(keywords) + "\ncondition: keywords", fields);
  };
  EXPECT_TRUE(judge("    - 'FIRST'").matched);
  EXPECT_TRUE(judge("    - 'f*lue'").matched);
  EXPECT_TRUE(judge("    - 7").matched);
  EXPECT_TRUE(judge("    - loose").matched);
  EXPECT_FALSE(judge("    - Name").matched);
  EXPECT_TRUE(judge("    '|all':\n        - first\n        - loose").matched);
  EXPECT_FALSE(judge("    '|all':\n        - first\n        - absent").matched);
  EXPECT_TRUE(judge("    '|re': '^l.*e$'").matched);
  EXPECT_FALSE(judge("    '|startswith': value").matched);
  EXPECT_TRUE(judge("    '|startswith': first").matched);
}

TEST(Placeholders, AreReplacedOrSaidToBeMissing) {
  const std::string_view rule = "selection:\n    F|expand: '%admins%'\ncondition: selection";
  const Fields fields{testing::text("F", "adm_7")};
  EXPECT_FALSE(testing::judge(rule, fields).matched);
  EXPECT_TRUE(testing::judge(rule, fields, {{"admins", {"root", "adm_*"}}}).matched);
  EXPECT_FALSE(testing::judge(rule, fields, {{"admins", {"root"}}}).matched);
  const testing::Compiled compiled = testing::compile(testing::rule_text(rule));
  const Observations seen(compiled.set);
  const auto coverage = seen.coverage({});
  ASSERT_EQ(coverage.size(), 1U);
  EXPECT_EQ(coverage[0].reason, CoverageReason::placeholder);
  EXPECT_NE(coverage[0].detail.find("%admins%"), std::string::npos);
  EXPECT_TRUE(testing::judge_item("F: '%admins%'", {testing::text("F", "%ADMINS%")}).matched);
  EXPECT_TRUE(testing::judge_item("F|contains|expand: '\\%x'", {testing::text("F", "a%xb")}).matched);
  EXPECT_TRUE(
      testing::judge("s:\n    F|re|expand: '^%x%$'\ncondition: s", {testing::text("F", "a.b")}, {{"x", {"q", "a.b"}}})
          .matched);
}

}  // namespace
}  // namespace tocsin::sigma
