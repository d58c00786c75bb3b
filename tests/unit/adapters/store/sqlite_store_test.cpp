#include "adapters/store/sqlite_store.hpp"
#include "tests/unit/hidden_case.hpp"
#include "tests/unit/scratch_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <future>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using journal = std::shared_ptr<pj::open_journal>;

struct scratch : pj::test::scratch_folder {
  fs::path db() const { return path() / "state" / "journal.db"; }
};

journal must_open(const fs::path& path) {
  auto got = pj::open_store(path);
  INFO((got ? "" : got.error().what + " / " + got.error().details));
  REQUIRE(got);
  return *std::move(got);
}

/// Waits for the one answer of a call.
template <class T, class F>
pj::result<T> answer_of(F call) {
  auto promise = std::make_shared<std::promise<pj::result<T>>>();
  auto future = promise->get_future();
  call([promise](pj::result<T> r) { promise->set_value(std::move(r)); });
  REQUIRE(future.wait_for(30s) == std::future_status::ready);
  return future.get();
}

pj::result<pj::done> write(const journal& j,
                           std::vector<pj::store_write> rows) {
  return answer_of<pj::done>(
    [&](auto then) { j->write(std::move(rows), then); });
}

pj::task_history history(const journal& j, const std::string& task) {
  auto got =
    answer_of<pj::task_history>([&](auto then) { j->load(task, then); });
  REQUIRE(got);
  return *std::move(got);
}

std::vector<pj::task_row> tasks(const journal& j) {
  auto got =
    answer_of<std::vector<pj::task_row>>([&](auto then) { j->tasks(then); });
  REQUIRE(got);
  return *std::move(got);
}

std::vector<pj::outbox_row> outbox(const journal& j) {
  auto got =
    answer_of<std::vector<pj::outbox_row>>([&](auto then) { j->outbox(then); });
  REQUIRE(got);
  return *std::move(got);
}

const pj::wall_clock::time_point noon{1'700'000'000'123'456us};

pj::task_row task(std::string id, int attempt = 1) {
  return {std::move(id), "digest", "{}", "running", attempt, noon, ""};
}

pj::outbox_row event(std::string id, std::string of, std::int64_t sequence) {
  return {std::move(id),
          std::move(of),
          sequence,
          "https://w/",
          "{}",
          pj::delivery_state::pending,
          0,
          noon,
          noon + 5s,
          ""};
}

} // namespace

TEST_CASE("what was written is there after closing and opening") {
  const scratch folder;
  auto row = task("t-1");
  {
    const auto j = must_open(folder.db());
    REQUIRE(write(
      j, {row, pj::step_row{"t-1", 1, "snapshot", std::string("a\0b", 3)},
          pj::step_row{"t-1", 1, "answer.1", "ä"}, event("e1", "t-1", 1)}));
    row.state = "succeeded";
    row.outcome = "{\"x\":1}";
    REQUIRE(write(j, {row}));
  }
  const auto j = must_open(folder.db());
  const auto got = history(j, "t-1");
  REQUIRE(got.task);
  CHECK(got.task->id == "t-1");
  CHECK(got.task->inputs == "digest");
  CHECK(got.task->spec == "{}");
  CHECK(got.task->state == "succeeded");
  CHECK(got.task->attempt == 1);
  CHECK(got.task->created == noon);
  CHECK(got.task->outcome == "{\"x\":1}");
  REQUIRE(got.steps.size() == 2);
  CHECK(got.steps[0].name == "snapshot");
  CHECK(got.steps[0].data == std::string("a\0b", 3));
  CHECK(got.steps[1].data == "ä");
  const auto events = outbox(j);
  REQUIRE(events.size() == 1);
  CHECK(events[0].id == "e1");
  CHECK(events[0].url == "https://w/");
  CHECK(events[0].body == "{}");
  CHECK(events[0].created == noon);
  CHECK(events[0].next == noon + 5s);
}

TEST_CASE("an unknown task has no history") {
  const scratch folder;
  const auto j = must_open(folder.db());
  CHECK_FALSE(history(j, "none").task);
  CHECK(tasks(j).empty());
  CHECK(outbox(j).empty());
}

TEST_CASE("recording the same step or event again changes nothing") {
  const scratch folder;
  const auto j = must_open(folder.db());
  REQUIRE(write(j, {task("t"), pj::step_row{"t", 1, "answer.1", "first"},
                    event("e", "t", 1)}));
  REQUIRE(
    write(j, {pj::step_row{"t", 1, "answer.1", "second"}, event("e", "t", 9)}));
  CHECK(history(j, "t").steps.at(0).data == "first");
  CHECK(outbox(j).at(0).sequence == 1);
}

TEST_CASE("a history has the steps of the current attempt only") {
  const scratch folder;
  const auto j = must_open(folder.db());
  REQUIRE(write(j, {task("t"), pj::step_row{"t", 1, "a", "1"},
                    pj::step_row{"u", 1, "a", "u"}}));
  REQUIRE(write(j, {task("t", 2), pj::step_row{"t", 2, "a", "2"}}));
  const auto got = history(j, "t");
  CHECK(got.task->attempt == 2);
  REQUIRE(got.steps.size() == 1);
  CHECK(got.steps[0].data == "2");
  CHECK(tasks(j).size() == 1);
}

TEST_CASE("the outbox has pending events by task and sequence") {
  const scratch folder;
  const auto j = must_open(folder.db());
  REQUIRE(write(j, {event("e1", "b", 2), event("e2", "a", 10),
                    event("e3", "b", 1), event("e4", "a", 9)}));
  REQUIRE(write(
    j, {pj::outbox_update{"e4", pj::delivery_state::delivered, 1, noon, ""},
        pj::outbox_update{"e3", pj::delivery_state::pending, 3, noon + 60s,
                          "HTTP 500"}}));
  const auto got = outbox(j);
  REQUIRE(got.size() == 3);
  CHECK(got[0].id == "e2");
  CHECK(got[1].id == "e3");
  CHECK(got[1].attempts == 3);
  CHECK(got[1].next == noon + 60s);
  CHECK(got[1].last_error == "HTTP 500");
  CHECK(got[2].id == "e1");
}

TEST_CASE("the writes of one call are atomic and harm no other call") {
  const scratch folder;
  const auto j = must_open(folder.db());
  std::promise<void> all;
  std::vector<bool> good;
  const auto note = [&](pj::result<pj::done> r) {
    good.push_back(static_cast<bool>(r));
    if (good.size() == 3)
      all.set_value();
  };

  // Posted from the store's own thread, so that all three wait together and
  // share a transaction; the second fails at its second row.
  j->load("x", [&](auto) {
    j->write({task("a")}, note);
    j->write({task("b"), pj::outbox_update{"none", {}, 1, noon, ""}}, note);
    j->write({task("c")}, note);
  });
  REQUIRE(all.get_future().wait_for(30s) == std::future_status::ready);
  CHECK(good == std::vector{true, false, true});
  const auto rows = tasks(j);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].id == "a");
  CHECK(rows[1].id == "c");
}

TEST_CASE("closing does what was still asked for") {
  const scratch folder;
  int answered = 0;
  {
    const auto j = must_open(folder.db());
    for (int i = 0; i < 2'000; ++i)
      j->write({task("t" + std::to_string(i))},
               [&](auto r) { answered += r ? 1 : 0; });
  }
  CHECK(answered == 2'000);
  CHECK(tasks(must_open(folder.db())).size() == 2'000);
}

TEST_CASE("flush returns after the answers") {
  const scratch folder;
  const auto j = must_open(folder.db());
  int answered = 0;
  for (int i = 0; i < 100; ++i)
    j->write({task("t")}, [&](auto) { ++answered; });
  j->flush();
  CHECK(answered == 100);
}

TEST_CASE("a callback may throw, or let go of the store") {
  const scratch folder;
  auto j = must_open(folder.db());
  j->write({task("a")}, [](auto) { throw std::runtime_error("boom"); });
  j->flush();
  std::promise<void> gone;
  auto* raw = j.get();
  raw->load("a", [held = std::move(j), &gone](auto) mutable {
    held.reset();
    gone.set_value();
  });
  CHECK(gone.get_future().wait_for(30s) == std::future_status::ready);
}

TEST_CASE("journals are for their user alone") {
  const scratch folder;
  const auto j = must_open(folder.db());
  REQUIRE(write(j, {task("t")}));
  struct stat info {};
  for (const auto& entry : fs::directory_iterator(folder.db().parent_path())) {
    CAPTURE(entry.path());
    REQUIRE(::stat(entry.path().c_str(), &info) == 0);
    CHECK((info.st_mode & 077) == 0);
  }
  REQUIRE(::stat(folder.db().parent_path().c_str(), &info) == 0);
  CHECK((info.st_mode & 077) == 0);
}

TEST_CASE("a second engine on one journal is refused") {
  const scratch folder;
  auto first = must_open(folder.db());
  const auto second = pj::open_store(folder.db());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == pj::failure_code::configuration);
  CHECK(second.error().what.find("still running, pid " +
                                 std::to_string(::getpid())) !=
        std::string::npos);
  first.reset();
  CHECK(pj::open_store(folder.db()));
}

TEST_CASE("a journal can be looked at while it is written") {
  const scratch folder;
  CHECK_FALSE(pj::open_store_to_read(folder.db()));
  CHECK_FALSE(fs::exists(folder.db()));
  const auto writer = must_open(folder.db());
  REQUIRE(write(writer, {task("t")}));
  const auto reader = pj::open_store_to_read(folder.db());
  REQUIRE(reader);
  CHECK(tasks(*reader).size() == 1);
  REQUIRE(write(writer, {task("u")}));
  CHECK(tasks(*reader).size() == 2);
  const auto refused = write(*reader, {task("v")});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == pj::failure_code::journal);
}

TEST_CASE("a journal of a batch knows its batch") {
  const scratch folder;
  auto batch_in = [](const journal& j) {
    auto got = answer_of<std::optional<pj::batch_row>>(
      [&](auto then) { j->batch(then); });
    REQUIRE(got);
    return *std::move(got);
  };
  {
    const auto j = must_open(folder.db());
    CHECK_FALSE(batch_in(j));
    REQUIRE(write(j, {pj::batch_row{"typos", "{}", noon}, task("t")}));
    REQUIRE(write(j, {pj::batch_row{"typos", "{\"x\":1}", noon + 5s}}));
  }
  const auto j = must_open(folder.db());
  const auto got = batch_in(j);
  REQUIRE(got);
  CHECK(got->name == "typos");
  CHECK(got->data == "{\"x\":1}");
  CHECK(got->created == noon);
}

TEST_CASE("a journal of the first layout can be read, and is migrated") {
  const scratch folder;
  must_open(folder.db()).reset();
  {
    SQLite::Database db(folder.db().string(), SQLite::OPEN_READWRITE);
    db.exec("DROP TABLE batch");
    db.exec("DELETE FROM migration WHERE version = 2");
  }
  auto has_batch = [](const journal& j) {
    return answer_of<std::optional<pj::batch_row>>(
      [&](auto then) { j->batch(then); });
  };
  const auto reader = pj::open_store_to_read(folder.db());
  REQUIRE(reader);
  CHECK(tasks(*reader).empty());
  CHECK(has_batch(*reader));
  const auto j = must_open(folder.db());
  CHECK(write(j, {pj::batch_row{"typos", "{}", noon}}));
}

TEST_CASE("a journal that cannot be is a clear failure") {
  const scratch folder;
  const auto parent = folder.db().parent_path();
  SECTION("the folder is a file") {
    std::ofstream(parent) << "x";
    const auto got = pj::open_store(folder.db());
    REQUIRE_FALSE(got);
    CHECK(got.error().what.find("is not a folder") != std::string::npos);
  }
  SECTION("the journal is a folder") {
    fs::create_directories(folder.db());
    CHECK_FALSE(pj::open_store(folder.db()));
  }
  SECTION("the journal is something else") {
    fs::create_directories(parent);
    std::ofstream(folder.db()) << std::string(10'000, 'x');
    const auto got = pj::open_store(folder.db());
    REQUIRE_FALSE(got);
    CHECK(got.error().code == pj::failure_code::journal);
    CHECK(got.error().what.find("it is damaged") != std::string::npos);
    CHECK_FALSE(pj::open_store_to_read(folder.db()));
  }
  SECTION("an empty file becomes a journal, but not by looking at it") {
    fs::create_directories(parent);
    std::ofstream(folder.db()) << "";
    CHECK_FALSE(pj::open_store_to_read(folder.db()));
    CHECK(pj::open_store(folder.db()));
  }
}

TEST_CASE("damage inside a journal is told, not crashed on") {
  const scratch folder;
  {
    const auto j = must_open(folder.db());
    for (int i = 0; i < 300; ++i)
      j->write({task("t" + std::to_string(i)),
                pj::step_row{"t", 1, std::to_string(i), std::string(500, 'x')}},
               [](auto) {});
  }
  const auto size = fs::file_size(folder.db());
  std::fstream file(folder.db(), std::ios::in | std::ios::out);
  for (std::uintmax_t at = 16'384; at + 4'096 < size; at += 4'096) {
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(64, '\x5a');
  }
  file.close();
  const auto j = must_open(folder.db());
  const auto got =
    answer_of<std::vector<pj::task_row>>([&](auto then) { j->tasks(then); });
  REQUIRE_FALSE(got);
  CHECK(got.error().code == pj::failure_code::journal);
  CHECK(got.error().kind == pj::failure_class::fail);
  CHECK(got.error().what.find("it is damaged") != std::string::npos);
}

TEST_CASE("a full disk is a failure that may pass, and loses nothing") {
  const scratch folder;
  const auto j = must_open(folder.db());
  REQUIRE(write(j, {task("before")}));
  struct rlimit old {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = old;
  small.rlim_cur = 256u << 10;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto full = write(
    j, {task("big"), pj::step_row{"big", 1, "a", std::string(1u << 20, 'x')}});
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &old) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(full);
  CHECK(full.error().code == pj::failure_code::journal);
  CHECK(full.error().kind == pj::failure_class::retry);
  CHECK(tasks(j).size() == 1);
  CHECK(write(j, {task("after")}));
  CHECK(tasks(j).size() == 2);
}

TEST_CASE("child: write until killed", "[.child]") {
  const auto j = must_open(::getenv("JOURNAL"));
  for (std::uint32_t i = 0; i < 50'000; ++i)
    j->write({task("t" + std::to_string(i))}, [i](auto r) {
      if (r)
        (void)!::write(STDOUT_FILENO, &i, sizeof i);
    });
  ::pause();
}

TEST_CASE("what was acknowledged survives SIGKILL") {
  const scratch folder;
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const auto child = pj::test::start_hidden_case(
    "child: write until killed", {"JOURNAL=" + folder.db().string()}, ends[1]);
  ::close(ends[1]);
  std::uint32_t last = 0;
  int acknowledged = 0;
  while (acknowledged < 1'000 &&
         ::read(ends[0], &last, sizeof last) == sizeof last)
    ++acknowledged;
  ::kill(child, SIGKILL);
  while (::read(ends[0], &last, sizeof last) == sizeof last)
    ++acknowledged;
  CHECK(pj::test::exit_code_of(child) == -1);
  ::close(ends[0]);
  REQUIRE(acknowledged >= 1'000);
  const auto j = must_open(folder.db());
  CHECK(tasks(j).size() > last);
  CHECK(history(j, "t" + std::to_string(last)).task);
}
