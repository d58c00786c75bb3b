#include "core/policy/machine_room.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace pj {

namespace {

constexpr std::uint64_t engine_descriptors = 128;
constexpr std::uint64_t task_descriptors = 2;
constexpr std::uint64_t task_memory = 2u << 20;

/// The number that `text` begins with.
std::optional<std::uint64_t> number(std::string_view text) {
  text = trimmed(text);
  std::uint64_t out = 0;
  const auto got = std::from_chars(text.data(), text.data() + text.size(), out);
  return got.ec == std::errc{} ? std::optional(out) : std::nullopt;
}

/// The number behind `name` in a table of lines.
std::optional<std::uint64_t> entry(std::string_view table,
                                   std::string_view name) {
  for (const auto line : split(table, '\n'))
    if (line.starts_with(name))
      return number(line.substr(name.size()));
  return std::nullopt;
}

std::uint64_t less(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : 0;
}

} // namespace

std::size_t tasks_that_fit(std::size_t wanted, const machine_room& room) {
  std::uint64_t out = wanted;
  if (room.open_files)
    out = std::min(out, less(*room.open_files, engine_descriptors) /
                          task_descriptors);
  if (room.memory_bytes)
    out = std::min(out, less(*room.memory_bytes, memory_reserve) / task_memory);
  return std::max<std::size_t>(out, 1);
}

std::uint64_t descriptors_for(std::size_t tasks) {
  return engine_descriptors + task_descriptors * tasks;
}

std::optional<std::uint64_t> available_memory(std::string_view meminfo) {
  const auto kib = entry(meminfo, "MemAvailable:");
  return kib ? std::optional(*kib * 1024) : std::nullopt;
}

std::optional<std::uint64_t> memory_left(std::string_view max,
                                         std::string_view current,
                                         std::string_view stat) {
  const auto limit = number(max); // "max": none
  const auto used = number(current);
  if (!limit || !used)
    return std::nullopt;
  // What the kernel gives back under pressure; `file` has shared memory, too.
  std::uint64_t cached = 0;
  for (const auto* name :
       {"inactive_file ", "active_file ", "slab_reclaimable "})
    cached += entry(stat, name).value_or(0);
  return less(*limit, less(*used, cached));
}

} // namespace pj
