#include "evidence/collections.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::evidence {
namespace {

struct File {
  std::string path, container, head;
  bool is_container = false;
  std::vector<std::string> computers = {};
};

std::vector<SourceInfo::Collected> described(const std::vector<File>& files) {
  std::vector<SourceInfo> sources;
  std::vector<CollectionMark> marks;
  for (const File& file : files) {
    SourceInfo info;
    info.path = file.path;
    info.container = file.container;
    info.is_container = file.is_container;
    info.computers = file.computers;
    sources.push_back(std::move(info));
    marks.push_back(read_collection_mark(file.container.empty() ? file.path : file.container, as_bytes(file.head)));
  }
  describe_collections(sources, marks);
  std::vector<SourceInfo::Collected> out;
  for (const SourceInfo& source : sources) out.push_back(source.collected);
  return out;
}

std::string text(const SourceInfo::Collected& c) {
  return c.kind + "|" + c.host + "|" + c.original_path + (c.shadow_copy.empty() ? "" : "|" + c.shadow_copy);
}

constexpr const char* kClient = R"({"client_id":"C.1","Hostname":"SRV-WEB1","Fqdn":"x"})";
constexpr const char* kSecurity = "Windows/System32/winevt/Logs/Security.evtx";

TEST(Collections, VelociraptorInAZip) {
  const auto got = described({{"c.zip", "", "PK", true},
                              {"c.zip", "client_info.json", kClient},
                              {"c.zip", "results/Windows.EventLogs.Evtx.json", "{}"},
                              {"c.zip", "uploads/auto/C%3A/Program Files/100%25/a%3Ab.log", "x"},
                              {"c.zip", std::string("uploads/ntfs/%5C%5C.%5CC%3A/") + kSecurity, "ElfFile"}});
  EXPECT_EQ(text(got[0]), "||") << "the archive around it is no part of it";
  EXPECT_EQ(text(got[1]), "velociraptor|SRV-WEB1|");
  EXPECT_EQ(text(got[2]), "velociraptor|SRV-WEB1|");
  EXPECT_EQ(text(got[3]), R"(velociraptor|SRV-WEB1|C:\Program Files\100%\a:b.log)");
  EXPECT_EQ(text(got[4]), R"(velociraptor|SRV-WEB1|C:\Windows\System32\winevt\Logs\Security.evtx)");
}

TEST(Collections, VelociraptorEncryptedHoldsAZipInAZip) {
  const auto got = described({{"c.zip", "metadata.json", R"([{"EncryptedPass":"AAAA"}])"},
                              {"c.zip", "data.zip!/client_info.json", kClient},
                              {"c.zip", std::string("data.zip!/uploads/auto/D%3A/") + kSecurity, ""}});
  EXPECT_EQ(text(got[2]), R"(velociraptor|SRV-WEB1|D:\Windows\System32\winevt\Logs\Security.evtx)");
}

TEST(Collections, ShadowCopyHasThePathOfTheFileOnItsDrive) {
  const std::string shadow = R"(out/uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy12/)";
  const auto got = described({{std::string("out/uploads/auto/C%3A/") + kSecurity, "", ""},
                              {shadow + "windows/system32/winevt/logs/security.evtx", "", ""},
                              {shadow + "Windows/System32/winevt/Logs/System.evtx", "", ""}});
  EXPECT_EQ(text(got[0]), R"(velociraptor||C:\Windows\System32\winevt\Logs\Security.evtx)");
  EXPECT_EQ(text(got[1]), got[0].kind + "||" + got[0].original_path + "|HarddiskVolumeShadowCopy12");
  EXPECT_EQ(text(got[2]), R"(velociraptor||\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy12\Windows\System32\winevt)"
                          R"(\Logs\System.evtx|HarddiskVolumeShadowCopy12)")
      << "its drive is not known, and not guessed";
}

TEST(Collections, ShadowCopyOfOneOfTwoDrivesIsNotGuessed) {
  const auto got = described({{"u/uploads/auto/C%3A/x/a.evtx", "", ""},
                              {"u/uploads/auto/D%3A/x/a.evtx", "", ""},
                              {R"(u/uploads/ntfs/%5C%5C.%5CHarddiskVolumeShadowCopy1/x/a.evtx)", "", ""}});
  EXPECT_EQ(got[2].original_path, R"(\\.\HarddiskVolumeShadowCopy1\x\a.evtx)");
}

TEST(Collections, VelociraptorOfUnixNeedsItsMark) {
  const auto with = described({{"c/client_info.json", "", R"({"os_info":{"hostname":"web2"}})"},
                               {"c/uploads/file/var/log/auth%2Elog", "", ""}});
  EXPECT_EQ(text(with[1]), "velociraptor|web2|/var/log/auth.log");
  EXPECT_EQ(text(described({{"c/uploads/file/var/log/auth.log", "", ""}})[0]), "||");
}

TEST(Collections, Kape) {
  const std::string console =
      "\xef\xbb\xbf"
      "KAPE version 1.3.0.2\r\nSystem info: Machine name: SRV-DC1, 64-bit: True\r\n";
  const auto got =
      described({{"drop/2023-05-04T11_51_06_5397121_ConsoleLog.txt", "", console},
                 {"drop/2023-05-04T11_51_06_5397121_CopyLog.csv", "", "CopiedTimestamp,SourceFile,DestinationFile\r\n"},
                 {"drop/C/$Extend/x", "", ""},
                 {std::string("drop/e/") + kSecurity, "", ""},
                 {"drop/notes/x.txt", "", ""},
                 {"other/C/x", "", ""}});
  EXPECT_EQ(text(got[0]), "kape|SRV-DC1|");
  EXPECT_EQ(text(got[2]), R"(kape|SRV-DC1|C:\$Extend\x)");
  EXPECT_EQ(text(got[3]), R"(kape|SRV-DC1|E:\Windows\System32\winevt\Logs\Security.evtx)");
  EXPECT_EQ(text(got[4]), "kape|SRV-DC1|");
  EXPECT_EQ(text(got[5]), "||");
}

TEST(Collections, KapesShadowCopies) {
  const std::string console = "KAPE version 1.3.0.2\r\nSystem info: Machine name: SRV-DC1, 64-bit: True\r\n";
  const auto shadows = [&](bool marked, bool second_drive) {
    std::vector<File> files{{std::string("drop/C/") + kSecurity, "", ""},
                            {std::string("drop/VSS1/") + kSecurity, "", ""},
                            {"drop/vss12/Windows/System32/winevt/Logs/Gone.evtx", "", ""},
                            {"drop/VSS/x", "", ""},
                            {"drop/VSS1a/x", "", ""}};
    if (marked) files.push_back({"drop/2023-05-04T11_51_06_5397121_ConsoleLog.txt", "", console});
    if (second_drive) files.push_back({"drop/D/x", "", ""});
    return described(files);
  };
  const std::string security = R"(C:\Windows\System32\winevt\Logs\Security.evtx)";
  for (const bool marked : {true, false}) {
    const std::string kind = marked ? "kape|SRV-DC1|" : "drives||";
    const auto got = shadows(marked, false);
    EXPECT_EQ(text(got[0]), kind + security);
    EXPECT_EQ(text(got[1]), kind + security + "|VSS1");
    // Without KAPE's mark nobody says that all shadow copies are of one drive.
    EXPECT_EQ(text(got[2]), kind + (marked ? "C:" : "vss12") + R"(\Windows\System32\winevt\Logs\Gone.evtx|vss12)");
    EXPECT_EQ(text(got[3]), marked ? kind : "||");
    EXPECT_EQ(text(got[4]), marked ? kind : "||");
  }
  EXPECT_EQ(text(shadows(true, true)[2]), R"(kape|SRV-DC1|vss12\Windows\System32\winevt\Logs\Gone.evtx|vss12)");
  EXPECT_EQ(text(described({{std::string("a/VSS3/") + kSecurity, "", ""}})[0]),
            R"(drives||VSS3\Windows\System32\winevt\Logs\Security.evtx|VSS3)");
}

TEST(Collections, TwoCollectionsSideBySideKeepTheirHosts) {
  const auto got = described({{"in/a/client_info.json", "", R"({"Hostname":"A"})"},
                              {"in/a/uploads/auto/C%3A/x", "", ""},
                              {"in/b/client_info.json", "", R"({"Hostname":"B"})"},
                              {"in/b/uploads/auto/C%3A/x", "", ""}});
  EXPECT_EQ(text(got[1]), R"(velociraptor|A|C:\x)");
  EXPECT_EQ(text(got[3]), R"(velociraptor|B|C:\x)");
}

TEST(Collections, Uac) {
  const auto got =
      described({{"u.tar.gz", "u.tar!/uac.log",
                  "20240101 INF Unix-like Artifacts Collector 3.0.0\n20240101 INF Hostname: mail.example.org\nx"},
                 {"u.tar.gz", "u.tar!/hash_list.md5", "d41d8cd98f00b204e9800998ecf8427e  ./uac.log\n"},
                 {"u.tar.gz", "u.tar!/[root]/var/log/journal/a.journal", ""},
                 {"u.tar.gz", "u.tar!/live_response/process/ps.txt", ""}});
  EXPECT_EQ(text(got[2]), "uac|mail.example.org|/var/log/journal/a.journal");
  EXPECT_EQ(text(got[3]), "uac|mail.example.org|");
}

TEST(Collections, CylrBelievesItsArchivesNameWhereTheLogsKnowThatComputer) {
  const std::string log = "2024-01-02T03:04:05 [info] Collecting File: C:\\Windows\\x\n";
  const std::string evtx = std::string("C/") + kSecurity;
  const auto files = [&](const std::string& zip) {
    return std::vector<File>{{zip, "CyLR_Collection_Log_2024-01-02_03-04-05.log", log},
                             {zip, evtx, "", false, {"srv-web1.example.org"}}};
  };
  EXPECT_EQ(text(described(files("SRV-WEB1.zip"))[1]),
            R"(cylr|SRV-WEB1|C:\Windows\System32\winevt\Logs\Security.evtx)");
  EXPECT_EQ(text(described(files("case-7.zip"))[1]), R"(cylr||C:\Windows\System32\winevt\Logs\Security.evtx)");
}

TEST(Collections, FoldersNamedAfterDrives) {
  const auto got = described({{"host/C/Windows/System32/winevt/Logs/System.evtx", "", ""},
                              {"host/C/Users/a/x.json", "", ""},
                              {"host/logs/x.json", "", ""},
                              {"src/c/main.c", "", ""}});
  EXPECT_EQ(text(got[0]), R"(drives||C:\Windows\System32\winevt\Logs\System.evtx)");
  EXPECT_EQ(text(got[1]), R"(drives||C:\Users\a\x.json)");
  EXPECT_EQ(text(got[2]), "||");
  EXPECT_EQ(text(got[3]), "||") << "a folder of one letter is no drive";
}

TEST(Collections, ANameAloneIsNoMark) {
  for (const char* name : {"uac.log", "client_info.json", "x_ConsoleLog.txt", "CyLR_Collection_Log_1.log",
                           "hash_list.md5", "a.idx", "uploads.json"}) {
    const CollectionMark mark = read_collection_mark(name, as_bytes("{\"EventID\": 1}"));
    EXPECT_EQ(mark.kind, CollectionKind::none) << name;
    EXPECT_EQ(mark.what, "") << name;
  }
  EXPECT_EQ(read_collection_mark("other.json", as_bytes(kClient)).what, "") << "nor its content alone";
}

TEST(Collections, CompanionsAreNotEvidence) {
  EXPECT_EQ(read_collection_mark("a/b.evtx.idx", as_bytes(R"({"ranges":[{"length":4096}]})")).what,
            "where the holes of a sparse file were");
  EXPECT_NE(read_collection_mark("hash_list.sha1", as_bytes("da39a3ee5e6b4b0d3255bfef95601890afd80709  a\n")).what, "");
  EXPECT_NE(read_collection_mark("x.json.index", as_bytes(std::string(16, '\0'))).what, "");
}

TEST(Collections, HostilePathsAreBounded) {
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "a/";
  EXPECT_EQ(text(described({{deep + "uploads/auto/C%3A/x", "", ""}})[0]), "||");
  EXPECT_EQ(text(described({{"uploads/auto/", "", ""}, {"uploads/auto/C%3A", "", ""}, {"uploads//", "", ""}})[1]),
            "||");
  EXPECT_EQ(percent_decoded("%4%41%zz%"), "%4A%zz%");
  EXPECT_EQ(read_collection_mark("client_info.json", as_bytes(R"({"Hostname":"a\nb c"})")).host, "")
      << "no host's name";
}

}  // namespace
}  // namespace tocsin::evidence
