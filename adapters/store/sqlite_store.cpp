#include "adapters/store/sqlite_store.hpp"

#include "adapters/file_lock.hpp"
#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "adapters/store/journal_db.hpp"
#include "core/escape.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <variant>

namespace pj {

namespace {

namespace fs = std::filesystem;

/// Calls in one transaction: bounds what a crash redoes and how long the first
/// caller waits for the last.
constexpr std::size_t largest_group = 512;

/// How long news of deliveries waits for other rows to go to disk with. Each
/// transaction alone costs a write to disk; what a crash loses of these rows is
/// an event delivered twice, under the same id.
constexpr std::chrono::milliseconds lull{20};

struct write_call {
  std::vector<store_write> rows;
  std::function<void(result<done>)> then;
};

/// Anything that must see what was written before it.
using read_call = std::function<void()>;

using call = std::variant<write_call, read_call>;

bool can_wait(const call& what) {
  const auto* write = std::get_if<write_call>(&what);
  return write &&
         std::all_of(write->rows.begin(), write->rows.end(),
                     [](const store_write& row) {
                       return std::holds_alternative<outbox_update>(row);
                     });
}

failure unusable(const std::string& path, std::string_view why) {
  return {failure_class::fail,
          failure_code::journal,
          "journal " + escaped(path) + ": " + escaped(why),
          "",
          {}};
}

template <class F>
void guarded(F f) noexcept {
  try {
    f();
  } catch (const std::exception& e) {
    log_line(log_level::error, std::string("journal: ") + e.what());
  }
}

/// The database, its queue and what its one thread does with it.
class journal_worker {
public:
  journal_worker(std::string path, journal_db::access how,
                 std::optional<file_lock> lock)
    : path_(std::move(path)), lock_(std::move(lock)), db_(path_, how) {}

  void post(call what) {
    const std::lock_guard lock(guard_);
    urgent_ = urgent_ || !can_wait(what);
    queue_.push_back(std::move(what));
    changed_.notify_one();
  }

  void close() {
    const std::lock_guard lock(guard_);
    closing_ = true;
    changed_.notify_one();
  }

  /// Until closed and done with the queue.
  void work() {
    ::pthread_setname_np(::pthread_self(), "journal");
    for (auto group = take(); !group.empty(); group = take())
      if (const auto* query = std::get_if<read_call>(&group.front()))
        guarded(*query);
      else
        write_group(group);
  }

  /// `f` on the database, on the worker's thread.
  template <class T, class F>
  result<T> attempted(F f) {
    try {
      return f(db_);
    } catch (const SQLite::Exception& e) {
      return journal_failure(path_, e);
    } catch (const std::exception& e) {
      return unusable(path_, e.what());
    }
  }

private:
  /// One reading call or as many writing ones as wait; empty when closed.
  std::vector<call> take() {
    const auto reads = [this] {
      return std::holds_alternative<read_call>(queue_.front());
    };
    std::unique_lock lock(guard_);
    changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    changed_.wait_for(lock, lull, [this] { return closing_ || urgent_; });
    std::vector<call> out;
    while (!queue_.empty() && out.size() < largest_group &&
           (out.empty() || !reads())) {
      const bool alone = reads();
      out.push_back(std::move(queue_.front()));
      queue_.pop_front();
      if (alone)
        break;
    }
    urgent_ = !std::all_of(queue_.begin(), queue_.end(), can_wait);
    return out;
  }

  void write_group(const std::vector<call>& group) {
    const auto all = transaction(group.data(), group.size());
    for (const auto& one : group) {
      const bool again = !all && group.size() > 1;
      const auto answer = again ? transaction(&one, 1) : all;
      guarded([&] { std::get<write_call>(one).then(answer); });
    }
  }

  result<done> transaction(const call* calls, std::size_t count) {
    auto outcome = attempted<done>([&](journal_db& db) {
      db.begin();
      for (std::size_t i = 0; i < count; ++i)
        db.apply(std::get<write_call>(calls[i]).rows);
      db.commit();
      return done{};
    });
    if (!outcome)
      db_.roll_back();
    return outcome;
  }

  const std::string path_;
  std::optional<file_lock> lock_; ///< let go after the database is closed
  journal_db db_;
  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<call> queue_;
  bool urgent_ = false; ///< something in the queue does not wait
  bool closing_ = false;
};

class sqlite_store final : public open_journal {
public:
  explicit sqlite_store(std::shared_ptr<journal_worker> worker)
    : worker_(std::move(worker)), thread_([w = worker_] { w->work(); }) {}

  /// A callback may let go of the last reference; then the thread, which owns
  /// the worker as well, finishes by itself.
  ~sqlite_store() override {
    worker_->close();
    if (thread_.get_id() == std::this_thread::get_id())
      thread_.detach();
    else
      thread_.join();
  }

  void write(std::vector<store_write> rows,
             std::function<void(result<done>)> then) override {
    worker_->post(write_call{std::move(rows), std::move(then)});
  }

  void load(std::string task,
            std::function<void(result<task_history>)> then) override {
    read([task](journal_db& db) { return db.load(task); }, std::move(then));
  }

  void tasks(std::function<void(result<std::vector<task_row>>)> then) override {
    read([](journal_db& db) { return db.tasks(); }, std::move(then));
  }

  void
  batch(std::function<void(result<std::optional<batch_row>>)> then) override {
    read([](journal_db& db) { return db.batch(); }, std::move(then));
  }

  void
  outbox(std::function<void(result<std::vector<outbox_row>>)> then) override {
    read([](journal_db& db) { return db.outbox(); }, std::move(then));
  }

  void all_events(
    std::function<void(result<std::vector<outbox_row>>)> then) override {
    read([](journal_db& db) { return db.events(); }, std::move(then));
  }

  void flush() override {
    std::promise<void> reached;
    worker_->post(read_call([&reached] { reached.set_value(); }));
    reached.get_future().wait();
  }

private:
  template <class T, class Query>
  void read(Query query, std::function<void(result<T>)> then) {
    worker_->post(read_call([w = worker_.get(), query, then = std::move(then)] {
      then(w->attempted<T>(query));
    }));
  }

  std::shared_ptr<journal_worker> worker_;
  std::thread thread_;
};

/// Makes the file so that only this user may read it; SQLite gives the files
/// beside it the same mode.
result<done> make_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return unusable(path, std::generic_category().message(errno));
  ::close(fd);
  return done{};
}

result<std::shared_ptr<open_journal>> opened(const fs::path& path,
                                             journal_db::access how,
                                             std::optional<file_lock> lock) {
  try {
    auto worker =
      std::make_shared<journal_worker>(path.string(), how, std::move(lock));
    return std::shared_ptr<open_journal>(
      std::make_shared<sqlite_store>(std::move(worker)));
  } catch (const SQLite::Exception& e) {
    return journal_failure(path.string(), e);
  } catch (const std::exception& e) {
    return unusable(path.string(), e.what());
  }
}

} // namespace

result<std::shared_ptr<open_journal>> open_store(const fs::path& path) {
  if (auto made = make_private_folder(fs::absolute(path).parent_path()); !made)
    return unusable(path.string(), made.error().what);
  auto lock = file_lock::take(path.string() + ".lock",
                              "journal " + escaped(path.string()));
  if (!lock)
    return std::move(lock).error();
  if (auto made = make_file(path.string()); !made)
    return std::move(made).error();
  return opened(path, journal_db::access::write, *std::move(lock));
}

result<std::shared_ptr<open_journal>> open_store_to_read(const fs::path& path) {
  return opened(path, journal_db::access::read, std::nullopt);
}

} // namespace pj
