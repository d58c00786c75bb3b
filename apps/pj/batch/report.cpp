#include "apps/pj/batch/report.hpp"

#include "adapters/standard_streams.hpp"
#include "apps/pj/batch/begun.hpp"
#include "apps/pj/batch/chronicle.hpp"
#include "apps/pj/batch/verbs.hpp"

#include "adapters/crypto/digest.hpp"
#include "adapters/files.hpp"
#include "apps/pj/version.hpp"
#include "core/batch/report_page.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace pj::batch {

namespace {

struct report_flags {
  std::string name;
  std::string output; ///< empty: beside the journal
};

std::string now() {
  return to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(
    std::chrono::system_clock::now()));
}

int report_verb(const report_flags& flags, const settings& environment) {
  const auto seen = look_at_begun(environment, flags.name);
  if (!seen)
    return complain(seen.error());
  const auto page = page_about(seen->all, seen->folder);
  if (!page)
    return complain(page.error());
  if (flags.output == "-") {
    write_out(*page);
    return 0;
  }
  const auto path = flags.output.empty() ? page_of(seen->folder)
                                         : std::filesystem::path(flags.output);
  if (const auto written = write_whole_file(path, *page); !written)
    return complain(written.error());
  write_out(path.string() + '\n');
  return 0;
}

} // namespace

std::filesystem::path page_of(const std::filesystem::path& batch_folder) {
  return batch_folder / "report.html";
}

result<std::string> page_about(const accepted& all,
                               const std::filesystem::path& batch_folder) {
  report about;
  about.what = summary_of(all);
  about.max_cost = all.how.max_cost;
  about.made = version_line() + ", " + now();
  if (const auto log = log_of(batch_folder); std::filesystem::exists(log)) {
    const auto read = read_task_log(log, [&](const log_entry& x) {
      about.when.add(x);
      if (x.kind == log_kind::run)
        about.what.stopped = x.tag == "stopped" ? x.text : "";
    });
    if (!read)
      return read.error();
  }
  about.when.finish();
  return report_page(about, sha256);
}

void add_report(CLI::App& batch, const settings& environment, int& exit_code) {
  const auto flags = std::make_shared<report_flags>();
  auto* verb = batch.add_subcommand(
    "report", "Write a page about a batch: tasks, diffs, timeline");
  verb->add_option("NAME", flags->name, "The batch's name")->required();
  verb->add_option("--output", flags->output,
                   "The file; - is standard output [report.html beside the "
                   "batch's journal]");
  verb->footer("One HTML file that loads nothing. Prints where it is.");
  verb->callback([flags, &environment, &exit_code] {
    exit_code = report_verb(*flags, environment);
  });
}

} // namespace pj::batch
