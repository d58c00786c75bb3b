#pragma once
#include "adapters/process/port.hpp"
#include "core/prompt/prompt.hpp"

#include <memory>
#include <string>

namespace pj {

/// Finds symbols with universal-ctags, or says why it cannot.
struct ctags {
  prompt::symbol_finder find; ///< empty when there is no usable ctags
  std::string why_not;        ///< one line; empty when there is
};

/// Tries once whether universal-ctags is there and speaks JSON. The finder
/// runs one ctags per call, in the sandbox and with its own system call filter
/// on, for at most ten seconds; when that fails no file has symbols. It may be
/// called from many threads.
ctags make_ctags(std::shared_ptr<process_port> process);

} // namespace pj
