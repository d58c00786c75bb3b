#include "fault_table.hpp"

#include "core/text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/interfaces/catch_interfaces_capture.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace pj::test {

using nlohmann::json;

namespace {

constexpr std::size_t columns = 7;

/// Headings of the document whose rows are compared, and the mock's faces.
const std::map<std::string, std::string, std::less<>> edges = {
  {"## Model providers", "model"},
  {"## GitHub", "github"},
  {"## Git server", "git"},
  {"## Webhook receiver", "webhook"},
};

struct named_row {
  std::string test;
  fault_row row;
};

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> out;
  for (const auto cell : split(line, '|'))
    out.emplace_back(trimmed(cell));
  return out;
}

/// What stands between back-ticks.
std::vector<std::string> quotes_in(std::string_view cell) {
  std::vector<std::string> out;
  bool inside = false;
  for (const auto part : split(cell, '`')) {
    if (inside)
      out.emplace_back(part);
    inside = !inside;
  }
  return out;
}

/// "3" or "3, 2 cut".
void read_paid(const std::string& cell, fault_row& row) {
  row.paid = std::stoi(cell);
  const auto comma = cell.find(", ");
  row.cut = comma == cell.npos ? 0 : std::stoi(cell.substr(comma + 2));
}

/// A row of a table of seven columns: what goes wrong, what happens, tries,
/// paid, exit code, what the person sees, test.
named_row read_row(const std::string& edge,
                   const std::vector<std::string>& cells) {
  named_row out;
  out.row.edge = edge;
  out.row.tries = std::stoi(cells[3]);
  read_paid(cells[4], out.row);
  out.row.exit = std::stoi(cells[5]);
  out.row.seen = quotes_in(cells[6]);
  out.test = cells[7];
  return out;
}

std::vector<named_row> read_document() {
  std::ifstream in(PJ_SOURCE_DIR "/docs/FAULTS.md");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::vector<named_row> out;
  std::string edge;
  for (const auto line : split(text, '\n')) {
    if (line.starts_with("#")) {
      const auto known = edges.find(line);
      edge = known == edges.end() ? "" : known->second;
    }
    const auto cells = cells_of(line);
    if (cells.size() != columns + 2 || cells[3].empty() ||
        cells[3].find_first_not_of("0123456789") != std::string::npos)
      continue;
    out.push_back(read_row(edge, cells));
  }
  return out;
}

/// A try is what the person reads about, and on the model's edge every
/// question; on the receiver's what comes on top of one delivery per event.
int tries_at(const std::string& edge, const world& w, const std::string& err) {
  const auto requests = static_cast<int>(w.requests(edge));
  if (edge == "webhook") {
    std::set<std::string> ids;
    for (const auto& r : w.doubles.requests())
      if (r.face == edge)
        ids.insert(std::string(find_header(r.headers, "webhook-id")));
    return requests - static_cast<int>(ids.size()) + 1;
  }
  int tries = 1;
  for (auto at = err.find("; trying again in"); at != err.npos;
       at = err.find("; trying again in", at + 1))
    ++tries;
  return edge == "model" ? std::max(tries, requests) : tries;
}

void check_world(const world& w, const fault_row& row) {
  const bool good = row.exit == 0;
  const bool pushed = good || row.edge == "github";
  CHECK(w.branches().size() == (pushed ? 1u : 0u));
  CHECK(w.doubles.pulls().size() == (good ? 1u : 0u));
}

} // namespace

fault_row documented_fault(std::string_view test) {
  for (auto& x : read_document())
    if (x.test == test)
      return std::move(x.row);
  FAIL("docs/FAULTS.md has no row for the test " << test);
  return {};
}

std::vector<std::string> documented_faults() {
  std::vector<std::string> out;
  for (auto& x : read_document())
    out.push_back(std::move(x.test));
  return out;
}

mock_options over_tls() {
  mock_options out;
  out.tls = true;
  return out;
}

void check_fault(const world& w) {
  const auto x = w.run({"--json"});
  INFO(x.err);
  const auto j = json::parse(x.out, nullptr, false);
  REQUIRE(j.is_object());
  const int cut = j.value("lost_answers", 0);
  const auto row =
    documented_fault(Catch::getResultCapture().getCurrentTestName());
  CHECK(tries_at(row.edge, w, x.err) == row.tries);
  CHECK(j.value("rounds", 0) + cut == row.paid);
  CHECK(cut == row.cut);
  CHECK(x.code == row.exit);
  for (const auto& part : row.seen) {
    INFO("they should see: " << part);
    CHECK(has(x.err, part));
  }
  check_world(w, row);
}

} // namespace pj::test
