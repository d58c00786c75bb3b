#include "adapters/task_log.hpp"

#include "adapters/log.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

using namespace pj;

namespace {

std::vector<log_entry> entries(const std::filesystem::path& path) {
  std::vector<log_entry> out;
  REQUIRE(read_task_log(path, [&](const log_entry& x) { out.push_back(x); }));
  return out;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<task_log> opened(const std::filesystem::path& path) {
  auto log = task_log::open(path);
  REQUIRE(log);
  return *log;
}

} // namespace

TEST_CASE("a task's log is there at once, for this user alone") {
  const test::scratch_folder folder;
  const auto path = folder / "log.jsonl";
  const auto log = opened(path);
  log->add("t1", log_kind::stage, "fetch", "Cloning repository...");
  log->add("t2", log_kind::end, "failed", "failed: no way");
  const auto all = entries(path);
  REQUIRE(all.size() == 2);
  CHECK(all[0].task == "t1");
  CHECK(all[0].tag == "fetch");
  CHECK(all[1].text == "failed: no way");
  CHECK(all[0].at <= all[1].at);
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("a task's log goes on after a line that a crash cut") {
  const test::scratch_folder folder;
  const auto path = folder / "log.jsonl";
  opened(path)->add("t1", log_kind::stage, "ask", "Asking...");
  std::ofstream(path, std::ios::app) << R"({"at":"2026-11-22T10:0)";
  CHECK(entries(path).size() == 1);
  opened(path)->add("t1", log_kind::stage, "check", "Validating...");
  const auto all = entries(path);
  REQUIRE(all.size() == 2);
  CHECK(all[1].tag == "check");
}

TEST_CASE("a task's log holds no secret and no control character") {
  const test::scratch_folder folder;
  const auto path = folder / "log.jsonl";
  add_log_secret("sk-of-the-task-log-4711");
  opened(path)->add("t1", log_kind::retry, {},
                    "key sk-of-the-task-log-4711 refused\n\x1b[2J\x9b \xff");
  const auto text = bytes_of(path);
  CHECK(text.find("4711") == text.npos);
  CHECK(text.find('\x1b') == text.npos);
  CHECK(entries(path).at(0).text == "key *** refused\\n\\x1b[2J\\x9b \\xff");
}

TEST_CASE("long lines of a task's log are cut, foreign ones left out") {
  const test::scratch_folder folder;
  const auto path = folder / "log.jsonl";
  const auto log = opened(path);
  log->add("t1", log_kind::warning, {}, std::string(100'000, 'x'));
  std::ofstream(path, std::ios::app)
    << std::string(1u << 20, 'y') << "\nno JSON\n\n{}\n";
  log->add("t1", log_kind::warning, {}, "after");
  const auto all = entries(path);
  REQUIRE(all.size() == 2);
  CHECK(all[0].text.size() < 5'000);
  CHECK(all[0].text.ends_with("…"));
  CHECK(all[1].text == "after");
}

TEST_CASE("lines of many threads do not mix in a task's log") {
  const test::scratch_folder folder;
  const auto path = folder / "log.jsonl";
  const auto log = opened(path);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 250; ++i)
        log->add("t" + std::to_string(t), log_kind::stage, "ask",
                 std::string(500, 'z'));
    });
  for (auto& t : threads)
    t.join();
  CHECK(entries(path).size() == 1'000);
}

TEST_CASE("a disk that takes no more of a task's log is told of once") {
  const test::scratch_folder folder;
  const auto path = folder / "log.jsonl";
  const auto log = opened(path);
  std::vector<std::string> told;
  set_log_output([&](std::string_view line) { told.emplace_back(line); });
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  auto small = old;
  small.rlim_cur = 300;
  ::setrlimit(RLIMIT_FSIZE, &small);
  for (int i = 0; i < 5; ++i)
    log->add("t1", log_kind::stage, "ask", std::string(50, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  set_log_output({});
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("log.jsonl does not take all lines") != told[0].npos);
  const auto kept = entries(path).size();
  log->add("t1", log_kind::end, "succeeded", "succeeded");
  CHECK(entries(path).size() == kept + 1);
}

TEST_CASE("a task's log that cannot be used is a failure with its cause") {
  const test::scratch_folder folder;
  const auto no = task_log::open(folder / "missing" / "log.jsonl");
  REQUIRE_FALSE(no);
  CHECK(no.error().code == failure_code::configuration);
  CHECK(no.error().what.find("No such file") != std::string::npos);
  CHECK_FALSE(read_task_log(folder / "missing", [](const log_entry&) {}));
}
