// What the kernel refuses inside the sandbox, tried from within: each test enters it in a process of its own.
#include "sandbox.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "landlock.hpp"
#include "system_calls.hpp"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kFine = 0, kNoFile = 250;

class SandboxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!build_has_sandbox()) GTEST_SKIP() << "there is no sandbox in builds with sanitizers";
    folder_ = fs::path(::testing::TempDir()) /
              ("sandbox_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "out");
    fs::create_directories(folder_ / "tmp");
    std::ofstream(folder_ / "evidence") << "evidence";
    setenv("TMPDIR", path("tmp").c_str(), 1);
  }
  void TearDown() override {
    unsetenv("TMPDIR");
    // A caretaker whose reader ended at once may still be removing its own part.
    std::error_code error;
    do fs::remove_all(folder_, error);
    while (error == std::errc::no_such_file_or_directory || error == std::errc::directory_not_empty);
  }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  void need_landlock(int version = 1) const {
    if (landlock_version() < version) GTEST_SKIP() << "the kernel has no Landlock of version " << version;
  }
  void need_seccomp() const {
    if (!can_forbid_system_calls()) GTEST_SKIP() << "the kernel has no seccomp";
  }
  // What `act` returns, at most 255, from within the sandbox; with an output open to out/results.
  int inside(const std::function<int(Output&, const SandboxState&)>& act, const SandboxLimits& limits = {}) const {
    const pid_t process = fork();
    if (process == 0) {
      int code = kNoFile;
      if (auto output = Output::open(path("out/results"))) {
        const Sandbox sandbox(**output, limits);
        code = act(**output, sandbox.state());
      }
      _exit(code);
    }
    int status = 0;
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }
  // The errno of opening `name` for writing inside; 0 where it could be.
  int writing(const char* name, int flags, const SandboxLimits& limits = {}) const {
    return inside([&](Output&, const SandboxState&) { return open(path(name).c_str(), flags, 0600) < 0 ? errno : 0; },
                  limits);
  }
  [[nodiscard]] std::vector<std::string> names_in(const char* folder) const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder_ / folder)) out.push_back(entry.path().filename());
    return out;
  }
  fs::path folder_;
};

int errno_of(long result) {
  return result < 0 ? errno : kFine;
}

TEST_F(SandboxTest, WritesNowhereButTheOutput) {
  need_landlock();
  EXPECT_EQ(writing("elsewhere", O_WRONLY | O_CREAT), EACCES);
  EXPECT_EQ(writing("evidence", O_WRONLY), EACCES);
  EXPECT_EQ(writing("evidence", O_RDWR), EACCES);
  EXPECT_EQ(writing("evidence", O_WRONLY | O_TRUNC), EACCES);
  EXPECT_EQ(writing("out/second", O_WRONLY | O_CREAT), EACCES);
  EXPECT_EQ(writing("tmp/second", O_WRONLY | O_CREAT), EACCES);
  EXPECT_EQ(writing("evidence", O_RDONLY), kFine);
  const auto refused = [&](const std::function<long()>& act) {
    return inside([&](Output&, const SandboxState&) { return errno_of(act()); });
  };
  EXPECT_EQ(refused([&] { return unlink(path("evidence").c_str()); }), EACCES);
  EXPECT_EQ(refused([&] { return rename(path("evidence").c_str(), path("stolen").c_str()); }), EACCES);
  EXPECT_EQ(refused([&] { return mkdir(path("folder").c_str(), 0700); }), EACCES);
  EXPECT_EQ(refused([&] { return rmdir(path("tmp").c_str()); }), EACCES);
  EXPECT_THAT(names_in("."), ::testing::UnorderedElementsAre("out", "tmp", "evidence"));
}

TEST_F(SandboxTest, ChangesNoEvidenceByOtherWays) {
  need_seccomp();
  const std::string evidence = path("evidence"), other = path("out/other");
  const auto refused = [&](const std::function<long()>& act) {
    return inside([&](Output&, const SandboxState&) { return errno_of(act()); });
  };
  EXPECT_EQ(refused([&] { return truncate(evidence.c_str(), 0); }), EPERM);
  EXPECT_EQ(refused([&] { return open(evidence.c_str(), O_RDONLY | O_TRUNC); }), EPERM);
  EXPECT_EQ(refused([&] { return chmod(evidence.c_str(), 0777); }), EPERM);
  EXPECT_EQ(refused([&] { return utimensat(AT_FDCWD, evidence.c_str(), nullptr, 0); }), EPERM);
  EXPECT_EQ(refused([&] { return link(evidence.c_str(), other.c_str()); }), EPERM);
  EXPECT_EQ(refused([&] { return symlink(evidence.c_str(), other.c_str()); }), EPERM);
  EXPECT_EQ(fs::file_size(evidence), 8U);
}

TEST_F(SandboxTest, ReachesNoNetworkAndStartsNoProgram) {
  need_seccomp();
  const int early = socket(AF_INET, SOCK_STREAM, 0);  // even where one was open before
  const auto refused = [&](const std::function<long()>& act) {
    return inside([&](Output&, const SandboxState&) { return errno_of(act()); });
  };
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(refused([] { return socket(AF_INET, SOCK_STREAM, 0); }), EPERM);
  EXPECT_EQ(refused([] { return socket(AF_UNIX, SOCK_STREAM, 0); }), EPERM);
  EXPECT_EQ(refused([&] { return connect(early, reinterpret_cast<const sockaddr*>(&address), sizeof address); }),
            EPERM);
  EXPECT_EQ(refused([&] { return bind(early, reinterpret_cast<const sockaddr*>(&address), sizeof address); }), EPERM);
  EXPECT_EQ(refused([] { return execl("/bin/true", "true", nullptr); }), EPERM);
  EXPECT_EQ(refused([] { return static_cast<long>(fork()); }), EPERM);
  EXPECT_EQ(refused([] { return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr); }), EPERM);
  EXPECT_EQ(refused([] { return kill(getppid(), 0); }), EPERM);
  close(early);
}

TEST_F(SandboxTest, LandlockAloneAlsoKeepsProgramsAndTcpOut) {
  need_landlock(4);
  const int early = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const SandboxLimits limits{.system_calls = false};
  EXPECT_EQ(inside([](Output&, const SandboxState&) { return errno_of(execl("/bin/true", "true", nullptr)); }, limits),
            EACCES);
  EXPECT_EQ(inside(
                [&](Output&, const SandboxState&) {
                  return errno_of(connect(early, reinterpret_cast<const sockaddr*>(&address), sizeof address));
                },
                limits),
            EACCES);
  close(early);
}

TEST_F(SandboxTest, OutputGetsItsNameAndThreadsWork) {
  const auto act = [](Output& output, const SandboxState&) {
    bool wrote = false;
    std::thread([&] { wrote = output.write("results").has_value(); }).join();
    return wrote && output.commit() ? kFine : 1;
  };
  for (int version = 0; version <= kNewestLandlock; ++version) {
    fs::remove(path("out/results"));
    if (version == 3) std::ofstream(path("out/results")) << "what stood there before";
    EXPECT_EQ(inside(act, {.landlock = version}), kFine) << version;
    std::string text;
    std::ifstream(path("out/results")) >> text;
    EXPECT_EQ(text, "results") << version;
  }
  EXPECT_EQ(names_in("out"), std::vector<std::string>{"results"});
  EXPECT_TRUE(names_in("tmp").empty());
}

TEST_F(SandboxTest, ANameThatCannotBeGivenIsAnError) {
  const pid_t process = fork();
  if (process == 0) {
    const auto output = Output::open(path("out/results"));
    fs::create_directories(path("out/results/now a folder"));
    const Sandbox sandbox(**output, {});
    const auto committed = (*output)->commit();
    _exit(!committed && committed.error().message == "cannot give the output its name: Is a directory" ? 0 : 1);
  }
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(SandboxTest, ScratchFilesGoToAPrivateFolderThatGoesAway) {
  need_landlock();
  const int code = inside([&](Output&, const SandboxState&) {
    const std::string folder = std::getenv("TMPDIR");
    struct stat status{};
    if (!folder.starts_with(path("tmp/tocsin-")) || stat(folder.c_str(), &status) != 0) return 1;
    if ((status.st_mode & 0777) != 0700) return 2;
    const std::string file = folder + "/member";
    if (open(file.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600) < 0) return 3;
    if (mkdir((folder + "/deep").c_str(), 0700) != 0) return 4;
    return open((folder + "/deep/x").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600) < 0 ? 5 : kFine;
  });
  EXPECT_EQ(code, kFine);
  // _exit() in the child left it no time to say goodbye: the caretaker saw the end by itself.
  for (int i = 0; i < 200 && !(names_in("tmp").empty() && names_in("out").empty()); ++i) usleep(10'000);
  EXPECT_TRUE(names_in("tmp").empty());
  EXPECT_TRUE(names_in("out").empty());
}

TEST_F(SandboxTest, TemporaryFilesGoAwayWhenTheReaderIsKilled) {
  need_landlock();
  EXPECT_EQ(inside([](Output& output, const SandboxState&) {
              if (output.write("half")) raise(SIGKILL);
              return 0;
            }),
            1000 + SIGKILL);
  for (int i = 0; i < 200 && !(names_in("tmp").empty() && names_in("out").empty()); ++i) usleep(10'000);
  EXPECT_TRUE(names_in("tmp").empty());
  EXPECT_TRUE(names_in("out").empty());
}

// The caretaker keeps one file, once, whatever it is asked for afterwards.
TEST_F(SandboxTest, CompiledRulesAreKeptOnceAndFromOutside) {
  need_landlock();
  const auto act = [&](std::string_view first, std::string_view second) {
    const pid_t process = fork();
    if (process == 0) {
      Output output;
      const Sandbox sandbox(output, {}, {path("rules"), "set.rules"});
      const auto keep = sandbox.rule_keeper();
      if (!keep || !keep(first)) _exit(1);
      _exit(keep(second) ? 2 : kFine);
    }
    int status = 0;
    waitpid(process, &status, 0);
    return WEXITSTATUS(status);
  };
  const auto kept = [&] {
    std::string text;
    std::ifstream(path("rules/set.rules")) >> text;
    return text;
  };
  EXPECT_EQ(act("first", "second"), kFine);
  EXPECT_EQ(kept(), "first");
  EXPECT_EQ(act({}, "third"), kFine);
  EXPECT_EQ(kept(), "first") << "nothing to keep ends it too";
  EXPECT_EQ(names_in("rules"), std::vector<std::string>{"set.rules"});
  const std::string large(5'000'000, 'x');
  EXPECT_EQ(act(large, {}), kFine);
  EXPECT_EQ(fs::file_size(path("rules/set.rules")), large.size());
}

TEST_F(SandboxTest, RulesThatCannotBeKeptAreSaid) {
  need_landlock();
  std::ofstream(path("rules")) << "in the way";
  const pid_t process = fork();
  if (process == 0) {
    Output output;
    const Sandbox sandbox(output, {}, {path("rules"), "set.rules"});
    const auto written = sandbox.rule_keeper()("bytes");
    _exit(!written && written.error().message.ends_with("expected a folder, found a link or a file") ? kFine : 1);
  }
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), kFine);
}

TEST_F(SandboxTest, SaysWhatIsInForceAndWhatIsNot) {
  const auto says = [&](const SandboxLimits& limits, const std::string& text) {
    return inside(
        [&](Output&, const SandboxState& state) {
          for (const std::string& line : describe(state)) {
            if (line.find(text) != std::string::npos) return kFine;
          }
          return 1;
        },
        limits);
  };
  EXPECT_EQ(says({.on = false}, "off, as --no-sandbox asks"), kFine);
  EXPECT_EQ(says({.landlock = 0}, "no Landlock in this kernel: writing elsewhere is not refused"), kFine);
  EXPECT_EQ(says({.system_calls = false}, "no seccomp (Function not implemented)"), kFine);
  if (landlock_version() >= 2) {
    EXPECT_EQ(says({.landlock = 2}, "Landlock version 2: nothing can be written but"), kFine);
    EXPECT_EQ(says({.landlock = 2}, "truncation by path is left to seccomp"), kFine);
  }
  EXPECT_EQ(writing("elsewhere", O_WRONLY | O_CREAT, {.on = false}), kFine);
}

}  // namespace
}  // namespace tocsin::cli
