#pragma once
#include "adapters/store/port.hpp"

#include <filesystem>
#include <memory>

namespace pj {

/// A journal that is open: SQLite behind one writer thread. What waits when
/// the thread is free goes into one transaction; when that fails, every call
/// of it gets a transaction of its own, so that one bad call harms no other.
class open_journal : public store_port {
public:
  /// Returns after everything asked for so far was done and answered. Not
  /// from a callback.
  virtual void flush() = 0;
};

/// Opens the journal at `path`, making it (mode 0600) and its folder (0700) if
/// need be, and migrates it to this version. The last owner's release does
/// what was still asked for, then closes. Fails with code
/// - `configuration` when another engine has it open ("still running, pid N"),
/// - `journal` when it cannot be read, written or understood.
result<std::shared_ptr<open_journal>>
open_store(const std::filesystem::path& path);

/// Opens a journal only to look at it, also while an engine writes it. Writes
/// fail; nothing is made or migrated.
result<std::shared_ptr<open_journal>>
open_store_to_read(const std::filesystem::path& path);

} // namespace pj
