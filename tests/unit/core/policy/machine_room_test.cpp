#include "core/policy/machine_room.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

TEST_CASE("as many tasks as descriptors and memory allow are carried") {
  CHECK(tasks_that_fit(64, {}) == 64);
  CHECK(tasks_that_fit(150, {256, {}}) == 64);
  CHECK(tasks_that_fit(64, {1024, {}}) == 64);
  CHECK(tasks_that_fit(64, {{}, memory_reserve + (20u << 20)}) == 10);
  CHECK(tasks_that_fit(64, {64, 1}) == 1);
  CHECK(tasks_that_fit(10'000, {descriptors_for(10'000), {}}) == 10'000);
}

TEST_CASE("the kernel's tables tell what memory is left") {
  CHECK(available_memory("MemTotal:       100 kB\nMemFree:  1 kB\n"
                         "MemAvailable:   50 kB\n") == 51'200);
  CHECK(!available_memory("MemTotal: 100 kB\n"));
  CHECK(!available_memory(""));
  CHECK(memory_left("1000\n", "900\n", "anon 700\ninactive_file 150\n") == 250);
  CHECK(memory_left("1000\n", "900\n",
                    "file 999\nshmem 500\ninactive_file 150\n"
                    "active_file 200\nslab_reclaimable 50\n") == 500);
  CHECK(memory_left("1000", "2000", "") == 0);
  CHECK(!memory_left("max\n", "900\n", ""));
  CHECK(!memory_left("", "", ""));
}
