#include "core/policy/fair_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace pj;

namespace {

std::string order(fair_queue& queue, int most = 100) {
  std::string out;
  while (!queue.empty() && most-- > 0) {
    out += static_cast<char>(queue.front()->id);
    queue.pop();
  }
  return out;
}

} // namespace

TEST_CASE("fair queue: groups take turns, first in first out within one") {
  fair_queue queue;
  for (char c : {'a', 'b', 'c', 'd'})
    queue.push(static_cast<std::uint64_t>(c), "one", 1);
  for (char c : {'x', 'y'})
    queue.push(static_cast<std::uint64_t>(c), "two", 1);
  CHECK(order(queue) == "axbycd");
}

TEST_CASE("fair queue: what counts is cost") {
  fair_queue queue;
  for (int i = 0; i < 3; ++i) {
    queue.push('B', "big", 3);
    for (int k = 0; k < 3; ++k)
      queue.push('s', "small", 1);
  }
  CHECK(order(queue) == "BsssBsssBsss");
}

TEST_CASE("fair queue: coming back one by one wins nothing") {
  fair_queue queue;
  for (int i = 0; i < 50; ++i)
    queue.push('z', "z", 1);
  std::string got;
  for (int i = 0; i < 20; ++i) {
    queue.push('a', "a", 1);
    got += order(queue, 1);
  }
  CHECK(got.find("aa") == std::string::npos);
}

TEST_CASE("fair queue: a newcomer is not paid for its absence") {
  fair_queue queue;
  for (int i = 0; i < 50; ++i)
    queue.push('a', "a", 1);
  order(queue, 30);
  for (int i = 0; i < 5; ++i)
    queue.push('b', "b", 1);
  const auto got = order(queue, 8);
  CHECK(got.find("bbb") == std::string::npos);
  CHECK(got.find('b') < 2);
}

TEST_CASE("fair queue: removal") {
  fair_queue queue;
  CHECK(queue.front() == nullptr);
  queue.push(1, "g", 1);
  queue.push(2, "g", 1);
  CHECK(queue.remove(1));
  CHECK(!queue.remove(1));
  CHECK(queue.size() == 1);
  CHECK(queue.front()->id == 2);
  CHECK(queue.remove(2));
  CHECK(queue.empty());
}
