#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pj {

/// What the machine leaves a process; nothing where it is not known.
struct machine_room {
  std::optional<std::uint64_t> open_files;   ///< most descriptors at once
  std::optional<std::uint64_t> memory_bytes; ///< that can still be had
};

/// Below this no further task is begun.
inline constexpr std::uint64_t memory_reserve = 128u << 20;

/// How many of the wanted tasks can be carried at once: each may hold two
/// connections and 2 MiB (prompt, answer, diff), the engine itself 128
/// descriptors and the reserve. At least one.
std::size_t tasks_that_fit(std::size_t wanted, const machine_room& room);

/// The descriptors that so many tasks need.
std::uint64_t descriptors_for(std::size_t tasks);

/// What /proc/meminfo counts as available, in bytes.
std::optional<std::uint64_t> available_memory(std::string_view meminfo);

/// What a control group leaves, in bytes, from the text of its `memory.max`,
/// `memory.current` and `memory.stat`; files that are only cached count as
/// left. Nothing without a limit.
std::optional<std::uint64_t> memory_left(std::string_view max,
                                         std::string_view current,
                                         std::string_view stat);

} // namespace pj
