#pragma once
#include "core/result.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

/// A whole file; more than `max_bytes` is a failure, so devices and pipes that
/// never end are, too. "-" is standard input. Failures have code
/// `configuration` and name the path and the cause.
result<std::string> read_whole_file(const std::filesystem::path& path,
                                    std::size_t max_bytes);

/// Whether a file belongs to this user and nobody else may read or write it.
bool is_private_file(const std::filesystem::path& path);

/// Makes a folder and those above it; new ones are for this user alone (mode
/// 0700). Existing ones are left as they are.
result<done> make_private_folder(const std::filesystem::path& path);

/// Makes or replaces a file, whole or not at all; what is no regular file (a
/// pipe, a device) is written into. Failures have code `configuration` and name
/// the path and the cause.
result<done> write_whole_file(const std::filesystem::path& path,
                              std::string_view bytes);

/// Writes all bytes, going on after signals; false when the file takes no more.
bool write_all(int fd, std::string_view bytes) noexcept;

} // namespace pj
