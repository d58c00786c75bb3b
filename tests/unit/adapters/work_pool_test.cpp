#include "adapters/work_pool.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>

using namespace std::chrono_literals;

TEST_CASE("a work pool runs every job that was posted") {
  std::promise<void> all;
  std::atomic<int> left = 100;
  pj::work_pool pool("jobs", 3);
  for (int i = 0; i < 100; ++i)
    pool.post([&] {
      if (--left == 0)
        all.set_value();
    });
  CHECK(all.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("jobs of one thread run in order, on threads other than ours") {
  pj::work_pool pool("one", 1);
  std::vector<int> seen;
  std::promise<std::thread::id> last;
  pool.post([&] { seen.push_back(1); });
  pool.post([&] { seen.push_back(2); });
  pool.post([&] { last.set_value(std::this_thread::get_id()); });
  CHECK(last.get_future().get() != std::this_thread::get_id());
  CHECK(seen == std::vector{1, 2});
}

TEST_CASE("a job that throws does not end its thread") {
  pj::work_pool pool("throws", 1);
  std::promise<void> next;
  pool.post([] { throw std::runtime_error("boom"); });
  pool.post([] { throw 1; });
  pool.post([&] { next.set_value(); });
  CHECK(next.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("stopping waits for the running job and drops the queued one") {
  pj::work_pool pool("stop", 1);
  std::promise<void> started;
  std::promise<void> go;
  std::atomic<int> ran = 0;
  pool.post([&] {
    started.set_value();
    go.get_future().wait();
    ++ran;
  });
  pool.post([&] { ran += 100; });
  started.get_future().wait();
  CHECK_FALSE(pool.join_for(1ms));
  go.set_value();
  SECTION("joined in time") {
    CHECK(pool.join_for(10s));
  }
  SECTION("joined for good") {
    pool.shutdown();
  }
  CHECK(ran == 1);
  pool.post([&] { ran += 1000; });
  CHECK(ran == 1);
}

TEST_CASE("empty jobs and zero threads are harmless") {
  pj::work_pool pool("a name longer than fifteen bytes", 0);
  std::promise<void> next;
  pool.post({});
  pool.post([&] { next.set_value(); });
  CHECK(next.get_future().wait_for(10s) == std::future_status::ready);
}
