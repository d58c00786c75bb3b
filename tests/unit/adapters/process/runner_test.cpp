#include "adapters/process/runner.hpp"
#include "adapters/process/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

using namespace pj;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Where the runs of this process have their /tmp.
const fs::path& scratch_parent() {
  static const scratch_folder out(fs::temp_directory_path(), "pj-test-");
  return out.path();
}

/// One runner of each kind, made once: probing costs.
process_runner& runner_with(bool sandbox) {
  const auto make = [](bool allowed) {
    process_options options;
    options.allow_sandbox = allowed;
    options.grace = 300ms;
    options.scratch = scratch_parent();
    return make_process_runner(options);
  };
  static const auto boxed = make(true);
  static const auto plain = make(false);
  return sandbox ? *boxed : *plain;
}

/// A folder to run in, and the runner of this pass.
struct place {
  scratch_folder folder{fs::temp_directory_path(), "pj-test-"};
  bool boxed = GENERATE(false, true);
  process_runner& runner = runner_with(boxed);

  command shell(const std::string& script) const {
    command out;
    out.argv = {"sh", "-c", script};
    out.folder = folder.path();
    return out;
  }

  command_result run(const command& what) {
    auto out = runner.run(what, {});
    INFO((out ? out->output : out.error().what));
    REQUIRE(out);
    return *out;
  }

  /// Whether bubblewrap is really between the command and us.
  bool really_boxed() const {
    return boxed && runner.in_force() == isolation::bubblewrap;
  }
};

/// What can be read of a file: a process of /proc may end meanwhile.
std::string slurp(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(out).str();
}

/// Processes of this machine with `mark` in their command line.
int processes_with(const std::string& mark) {
  int out = 0;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/proc", failed))
    if (slurp(entry.path() / "cmdline").find(mark) != std::string::npos)
      ++out;
  return out;
}

/// A number of seconds that no other process sleeps for.
std::string unlikely_seconds() {
  static std::atomic<int> count{0};
  return "98" + std::to_string(getpid()) + '.' + std::to_string(++count);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

TEST_CASE("a command's output, errors and exit code come back") {
  place here;
  const auto out = here.run(here.shell("echo out; echo err >&2; exit 7"));
  CHECK(out.output == "out\nerr\n");
  CHECK(out.exit_code == 7);
  CHECK_FALSE(out.timed_out);
  CHECK_FALSE(out.cut);
}

TEST_CASE("a command killed by a signal gives 128 and its number") {
  place here;
  CHECK(here.run(here.shell("kill -SEGV $$")).exit_code == 128 + SIGSEGV);
}

TEST_CASE("input is given whole, and one that is not read does no harm") {
  place here;
  auto what = here.shell("wc -c");
  what.input.assign(3'000'000, 'x');
  CHECK(contains(here.run(what).output, "3000000"));
  what.argv[2] = "exec <&-; echo deaf";
  CHECK(here.run(what).output == "deaf\n");
  what.argv[2] = "cat";
  what.input.clear();
  CHECK(here.run(what).output.empty());
}

TEST_CASE("input and output of any size do not wait for each other") {
  place here;
  auto what = here.shell("cat");
  what.input.assign(1'000'000, 'y');
  what.max_output = 2'000'000;
  CHECK(here.run(what).output == what.input);
}

TEST_CASE("a flood of output keeps its start and its end") {
  place here;
  auto what = here.shell(
    "echo first; head -c 50000000 /dev/zero | tr '\\0' z; echo; echo last");
  what.max_output = 10'000;
  const auto out = here.run(what);
  CHECK(out.cut);
  CHECK(out.output.size() < 10'200);
  CHECK(out.output.starts_with("first\nzzz"));
  CHECK(out.output.ends_with("zzz\nlast\n"));
  CHECK(contains(out.output, " bytes left out "));
}

TEST_CASE("a command that takes too long may clean up, then it is killed") {
  place here;
  const auto seconds = unlikely_seconds();
  auto what = here.shell("trap 'echo bye; exit 3' TERM; echo hi; sleep " +
                         seconds + " & wait");
  what.timeout = 400ms;
  const auto polite = here.run(what);
  CHECK(polite.timed_out);
  CHECK(polite.output == "hi\nbye\n");
  what.argv[2] =
    "trap '' TERM; echo hi; while :; do sleep " + seconds + "; done";
  const auto deaf = here.run(what);
  CHECK(deaf.timed_out);
  CHECK(deaf.exit_code == 128 + SIGKILL);
  CHECK(deaf.took < 10s);
  CHECK(processes_with(seconds) == 0);
}

TEST_CASE("what a command leaves in the background ends with it") {
  place here;
  const auto seconds = unlikely_seconds();
  const auto daemon = "(setsid sh -c 'trap \"\" TERM HUP; sleep " + seconds +
                      "' >/dev/null 2>&1 </dev/null &) & ";
  // The daemon is there before the command ends.
  const auto out =
    here.run(here.shell(daemon + "until grep -qs " + seconds +
                        " /proc/[0-9]*/cmdline; do :; done; echo done"));
  CHECK(out.output == "done\n");
  CHECK(processes_with(seconds) == 0);
}

TEST_CASE("a background process that holds the output does not delay the end") {
  place here;
  const auto out = here.run(here.shell("sleep 300 & echo done"));
  CHECK(out.output == "done\n");
  CHECK(out.took < 30s);
}

TEST_CASE("a stop request ends a command") {
  place here;
  const auto seconds = unlikely_seconds();
  std::stop_source source;
  // The command says when it runs; only then it is stopped.
  const auto said = here.folder.path() / "started";
  std::jthread stopper([&] {
    while (!fs::exists(said))
      std::this_thread::yield();
    source.request_stop();
  });
  const auto out = here.runner.run(
    here.shell("touch started; sleep " + seconds), source.get_token());
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == failure_class::cancelled);
  CHECK(processes_with(seconds) == 0);
}

TEST_CASE("a stop request that was made before ends the command at once") {
  place here;
  std::stop_source source;
  source.request_stop();
  const auto out = here.runner.run(here.shell("sleep 300"), source.get_token());
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == failure_class::cancelled);
}

TEST_CASE("a command ends when the engine is killed") {
  place here;
  const auto seconds = unlikely_seconds();
  const auto what = here.shell("touch started; sleep " + seconds);
  const pid_t engine = fork();
  if (engine == 0) {
    (void)here.runner.run(what, {});
    _exit(0);
  }
  while (!fs::exists(here.folder.path() / "started"))
    std::this_thread::yield();
  kill(engine, SIGKILL);
  waitpid(engine, nullptr, 0);
  while (processes_with(seconds) > 0)
    std::this_thread::yield();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(scratch_parent()))
    fs::remove_all(entry.path(), ignored);
}

TEST_CASE("where bubblewrap does not work the reason is given") {
  CHECK(runner_with(false).in_force() == isolation::process_group);
  CHECK(runner_with(false).why_not() == "switched off");
  const auto& boxed = runner_with(true);
  CHECK(boxed.why_not().empty() == (boxed.in_force() == isolation::bubblewrap));
}

TEST_CASE("nothing of the engine's environment reaches a command") {
  place here;
  setenv("PJ_PLANTED_SECRET", "hunter2-in-the-environment", 1);
  auto what = here.shell("env; cat /proc/[0-9]*/environ 2>/dev/null");
  what.environment = {{"CI", "true"}, {"LANG", "de_DE.UTF-8"}};
  what.max_output = 4u << 20;
  const auto out = here.run(what);
  unsetenv("PJ_PLANTED_SECRET");
  CHECK_FALSE(contains(out.output, "hunter2"));
  CHECK(contains(out.output, "CI=true\n"));
  CHECK(contains(out.output, "LANG=de_DE.UTF-8\n"));
  CHECK(contains(out.output, "PATH=/"));
  CHECK(contains(out.output, "HOME=/"));
  CHECK(contains(out.output, "TMPDIR=/"));
}

TEST_CASE("the supervisor's own environment cannot be read") {
  place here;
  const auto out = here.run(here.shell("cat /proc/$PPID/environ | wc -c"));
  if (here.really_boxed())
    CHECK_FALSE(contains(out.output, "Permission denied"));
  else
    CHECK(contains(out.output, "Permission denied"));
}

TEST_CASE("no file descriptor of the engine's reaches a command") {
  place here;
  const int leak = open("/dev/null", O_RDONLY);
  const auto out = here.run(here.shell("echo /proc/self/fd/*"));
  close(leak);
  // The shell itself has its own list open, or not.
  CHECK((out.output == "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2\n" ||
         out.output == "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 "
                       "/proc/self/fd/3\n"));
}

TEST_CASE("signals that the engine ignores or blocks are as usual again") {
  place here;
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const auto out = here.run(here.shell("grep SigIgn /proc/self/status; "
                                       "grep SigBlk /proc/self/status"));
  std::signal(SIGPIPE, before);
  CHECK(contains(out.output, "SigIgn:\t0000000000000000"));
  CHECK(contains(out.output, "SigBlk:\t0000000000000000"));
}

TEST_CASE("a command has no capabilities") {
  place here;
  CHECK(contains(here.run(here.shell("grep CapEff /proc/self/status")).output,
                 "CapEff:\t0000000000000000"));
}

TEST_CASE("a command may write its folder and its own temporary folder") {
  place here;
  const auto out = here.run(here.shell(
    "echo x > made; echo y > $TMPDIR/t && echo z > $HOME/h && pwd && ls"));
  CHECK(contains(out.output, fs::canonical(here.folder.path()).string()));
  CHECK(slurp(here.folder.path() / "made") == "x\n");
  CHECK_FALSE(fs::exists("/tmp/t"));
}

TEST_CASE("inside the sandbox nothing else can be written or seen") {
  place here;
  if (!here.really_boxed())
    return;
  scratch_folder hidden(fs::temp_directory_path(), "pj-hidden-");
  std::ofstream(hidden.path() / "journal") << "planted";
  const auto mine = std::to_string(getpid());
  const auto out =
    here.run(here.shell("touch /etc/pj 2>&1; ls " + hidden.path().string() +
                        " 2>&1; ls -A /root; " + "ls -A /home; ls -d /proc/" +
                        mine + "; ls -A /run"));
  CHECK(contains(out.output, "Read-only file system"));
  CHECK_FALSE(contains(out.output, "journal"));
  CHECK_FALSE(contains(out.output, ".bash"));
}

TEST_CASE("what is hidden by request is empty in the sandbox") {
  if (runner_with(true).in_force() != isolation::bubblewrap)
    return;
  // Not below /tmp, which is hidden anyway.
  scratch_folder hidden(PJ_BINARY_DIR, "pj-hidden-");
  scratch_folder folder(fs::temp_directory_path(), "pj-test-");
  std::ofstream(hidden.path() / "journal") << "planted";
  process_options options;
  scratch_folder beside(PJ_BINARY_DIR, "pj-beside-");
  const auto key = (beside.path() / "key.pem").string();
  std::ofstream(key) << "planted";
  options.hidden = {hidden.path(), "/no/such/folder", key};
  const auto runner = make_process_runner(options);
  command what;
  what.argv = {"sh", "-c",
               "cat '" + hidden.path().string() + "/journal' '" + key + "'"};
  what.folder = folder.path();
  const auto out = runner->run(what, {});
  REQUIRE(out);
  CHECK_FALSE(contains(out->output, "planted"));
}

TEST_CASE("without the network only the loopback is there") {
  place here;
  if (!here.really_boxed())
    return;
  auto what =
    here.shell("cat /proc/net/dev | tail -n +3 | grep -v lo: | wc -l");
  what.network = false;
  CHECK(here.run(what).output == "0\n");
}

TEST_CASE("what cannot be started says why") {
  place here;
  const auto why = [&](command what) {
    const auto out = here.runner.run(what, {});
    REQUIRE_FALSE(out);
    return out.error().what;
  };
  command what;
  what.folder = here.folder.path();
  CHECK(contains(why(what), "empty"));
  what.argv = {"pj-no-such-program"};
  CHECK(contains(why(what), "not installed"));
  CHECK_FALSE(here.runner.available("pj-no-such-program"));
  CHECK(here.runner.available("sh"));
  what.argv = {"./missing"};
  CHECK(contains(why(what), "not there"));
  what.argv = {"sh", "-c", std::string("a\0b", 3)};
  CHECK(contains(why(what), "NUL"));
  what.argv = {"true"};
  what.folder = "/no/such/folder";
  CHECK(contains(why(what), "no folder"));
}

TEST_CASE("a program of the folder itself can be run") {
  place here;
  std::ofstream(here.folder.path() / "tool") << "#!/bin/sh\necho tool $1\n";
  fs::permissions(here.folder.path() / "tool", fs::perms::owner_all);
  auto what = here.shell("");
  what.argv = {"./tool", "works"};
  CHECK(here.run(what).output == "tool works\n");
}

TEST_CASE("many threads run commands at the same time") {
  auto& runner = runner_with(GENERATE(false, true));
  scratch_folder folder(fs::temp_directory_path(), "pj-test-");
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 5; ++i) {
          command what;
          what.argv = {"sh", "-c", "cat; exit " + std::to_string(t)};
          what.folder = folder.path();
          what.input = std::to_string(t * 100 + i);
          const auto out = runner.run(what, {});
          good += out && out->output == what.input && out->exit_code == t;
        }
      });
  }
  CHECK(good == 40);
}

TEST_CASE("runs leave neither descriptors, zombies nor files behind") {
  place here;
  const auto count = [](const char* folder) {
    return std::distance(fs::directory_iterator(folder),
                         fs::directory_iterator{});
  };
  const auto before = count("/proc/self/fd");
  for (int i = 0; i < 5; ++i)
    here.run(here.shell("mkdir -m 0 $TMPDIR/locked; true"));
  CHECK(count("/proc/self/fd") == before);
  CHECK(fs::is_empty(scratch_parent()));
  CHECK(slurp("/proc/thread-self/children").empty());
}
