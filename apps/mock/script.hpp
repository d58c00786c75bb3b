#pragma once
#include "apps/mock/chance.hpp"
#include "core/http.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::doubles {

/// What goes wrong. The first group works on any face, byte by byte.
enum class fault_kind : std::uint8_t {
  status,       ///< answers `status`, `headers`, `body`; nothing is done
  refuse,       ///< reset at once; nothing is done
  reset,        ///< reset after `after` bytes of the body
  stall,        ///< silence after `after` bytes, for `delay` (0: for ever)
  trickle,      ///< `bytes` bytes every `delay`
  split,        ///< pieces of 1 to `bytes` bytes, each a write of its own
  truncate,     ///< a clean end after `after` bytes
  content_type, ///< `body` as content type
  lost,         ///< everything is done, then a reset instead of the answer
  slow,         ///< `delay` before the request is looked at
  slow_accept,  ///< `delay` before a connection is served; no request rules

  malformed_event, ///< model: an event that is no JSON after `after` events
  error_event,     ///< model: the wire's own error event after `after` events
  no_end,         ///< model: all of the text, then a clean end without its mark
  duplicate_pull, ///< github: somebody else just opened the same one
  reject_push,    ///< git: a hook says no
};

std::string_view to_string(fault_kind kind) noexcept;

/// One rule: when, how often, what.
struct fault {
  fault_kind kind = fault_kind::status;
  std::string face;               ///< empty: every face
  std::string method;             ///< empty: every method
  std::string path;               ///< part of the target; empty: every target
  std::vector<std::string> match; ///< words of the body, all of them, any case
  double probability = 1;
  std::uint32_t skip = 0;           ///< requests that pass before the first
  std::uint32_t times = UINT32_MAX; ///< how often at most

  int status = 500;
  http_headers headers;
  std::string body;
  std::uint64_t after = 0;
  std::uint64_t bytes = 1;
  double delay = 0; ///< milliseconds
};

/// One scripted answer of a model.
struct answer {
  std::vector<std::string> match; ///< words of the task, all of them, any case
  std::string model;              ///< empty: every model
  double probability = 1;
  std::uint32_t skip = 0;
  std::uint32_t times = UINT32_MAX;

  std::optional<std::string> text; ///< unset: the default change
  std::string reasoning;
  std::string refusal;
  std::string stop = "stop"; ///< stop, length, content_filter, pause, refusal
  std::optional<std::uint64_t> input_tokens;
  std::optional<std::uint64_t> output_tokens;
};

/// A whole fixture file.
struct script {
  std::vector<answer> answers;
  std::vector<fault> faults;
  spread latency;           ///< ms before the first byte of a model's answer
  spread tokens_per_second; ///< 0: as fast as it goes
  spread padding;           ///< words of explanation before a default change
  std::vector<std::string> models;            ///< known ones; empty: all
  std::map<std::string, std::string> renamed; ///< "old/name" to "new/name"
};

/// Throws `std::runtime_error` with the line and what is accepted.
script read_script(const std::string& yaml);

/// One fault in YAML, e.g. "{face: model, kind: status, status: 429}".
fault read_fault(const std::string& yaml);

/// One answer in YAML, e.g. "{match: greeting, stop: length}".
answer read_answer(const std::string& yaml);

/// All `words` occur in `text`, whatever their case.
bool has_all_words(std::string_view text,
                   const std::vector<std::string>& words);

} // namespace pj::doubles
