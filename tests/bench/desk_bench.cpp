// How fast the desk is, beside the floor and the goals.
//
//   desk_bench [--check]
//   desk_bench --million FOLDER [--projects N] [--check]     // fills FOLDER unless it is filled
//   desk_bench --exchange [--held N] [--projects N] [--check]  // the pages of the exchange
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/desk_rows.h"
#include "tests/bench/floor.h"
#include "tests/bench/million.h"
#include "tests/bench/pages.h"
#include "tests/support/temp_directory.h"

int main(int argc, char** argv) {
  using namespace aiguillage;  // NOLINT: a program of one page
  try {
    bool check = false;
    std::string million;
    std::int64_t projects = 1'000'000, held = 10'000;
    bool exchange = false;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == "--check") {
        check = true;
      } else if (arguments[i] == "--exchange") {
        exchange = true;
        projects = 100'000;
      } else if (arguments[i] == "--held" && i + 1 < arguments.size()) {
        held = std::stoll(arguments[++i]);
      } else if (arguments[i] == "--million" && i + 1 < arguments.size()) {
        million = arguments[++i];
      } else if (arguments[i] == "--projects" && i + 1 < arguments.size()) {
        projects = std::stoll(arguments[++i]);
      } else {
        throw std::runtime_error(
            "Expected --check, --exchange, --million FOLDER, --held N or "
            "--projects N, but got " +
            arguments[i]);
      }
    }
    bench::sqlite::Listen();
    bench::Goals goals;
    if (exchange) {
      const test::TempDirectory folder;
      bench::MeasureExchangePages(folder.path(), held, projects, goals);
    } else if (million.empty()) {
      bench::MeasureDesk(goals);
    } else {
      if (!std::filesystem::exists(million + "/filled")) bench::FillMillion(million, projects);
      bench::MeasureMillion(million, projects, goals);
    }
    return check && !goals.met() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
