#pragma once
#include "core/tree.hpp"

#include <cstdint>
#include <string_view>

namespace pj::prompt {

/// Why a file's content may stay out of the prompt.
enum class file_kind : std::uint8_t {
  text,      ///< may be shown
  binary,    ///< pictures, archives, anything with a NUL byte
  generated, ///< made by a tool: lock files, minified code, "DO NOT EDIT"
  vendored,  ///< somebody else's code below node_modules, vendor …
  huge,      ///< more than `max_whole_file` bytes
  secret,    ///< keys and `.env` files: never shown
  link,      ///< symbolic link or submodule
  odd_path,  ///< a path that no fence can carry: quotes, control characters
};

/// Bytes; larger files are shown in part, and only when the task names them.
constexpr std::uint64_t max_whole_file = 512u << 10;

/// Bytes; larger files are never read.
constexpr std::uint64_t max_read_file = 8u << 20;

/// What the path, mode and size say.
file_kind kind_of(const tree_entry& entry);

/// What the content says, given that the path says `text`.
file_kind kind_of_content(std::string_view content);

/// Why a file of this kind is not shown, for the model: "it is binary".
std::string_view reason(file_kind kind) noexcept;

/// Whether the path lies in a folder of somebody else's or built code.
bool is_vendored(std::string_view path) noexcept;

/// The part after the last '/'.
std::string_view base_name(std::string_view path) noexcept;

/// The part of the base name after its last '.', without the dot; empty when
/// there is none or the name begins with it.
std::string_view extension(std::string_view path) noexcept;

} // namespace pj::prompt
