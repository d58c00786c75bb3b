#pragma once
#include "adapters/git/port.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace pj {

/// How git is used. Time-outs, certificates and proxy are settings of the whole
/// process: the last `make_git` counts.
struct git_options {
  /// Where mirrors are kept; made with mode 0700 when missing.
  std::filesystem::path cache;

  std::filesystem::path
    ca_file;                    ///< PEM; with `ca_dir` in place of the system's
  std::filesystem::path ca_dir; ///< PEM files; empty: none

  /// `http://host:port` for every http(s) remote. Empty: `HTTPS_PROXY`,
  /// `HTTP_PROXY` and `NO_PROXY` decide.
  std::string proxy;

  std::chrono::milliseconds connect_timeout{15'000};

  /// Longest silence of a server; above the 5 s at which git servers send
  /// keep-alives.
  std::chrono::milliseconds server_timeout{60'000};

  /// How long a server's list of branches counts, so that the tasks of a batch
  /// do not all ask for it.
  std::chrono::milliseconds listing_age{30'000};

  std::uint64_t max_download = 8ull << 30;    ///< bytes of one fetch
  std::uint64_t max_file_bytes = 64ull << 20; ///< a bigger file is not read
  std::size_t max_files = 1'000'000;          ///< of one tree
};

/// git by libgit2. What is wrong with the options surfaces at the first call.
std::shared_ptr<git_port> make_git(git_options options);

} // namespace pj
