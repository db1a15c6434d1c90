// How fast the desk is. `./run bench desk`.
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "storage/journal.h"
#include "storage/projects.h"
#include "tests/bench/course.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"
#include "tests/support/temp_directory.h"

using namespace aiguillage;
using namespace aiguillage::bench;
namespace fs = std::filesystem;

int main(int argc, char** argv) {
  try {
    sqlite::Listen();
    const int projects = 100;
    test::TempDirectory dir(argc > 1 ? argv[1] : "/dev/shm");
    const std::string base = dir / "base.db";
    {
      Course c("sqlite:" + (dir / "first.db"), 1);
      for (int i = 1; i <= projects; ++i) c.TakeIn(i);
      c.database().Backup(base);
    }
    Stretch all{.first = 1, .end = projects + 1};
    Recording rec;
    {
      fs::copy_file(base, dir / "rec.db");
      Course c("sqlite:" + (dir / "rec.db"), 2);
      sqlite::StartRecording();
      c.Run(all);
      rec = sqlite::EndRecording();
    }
    std::printf("%zu statements, %zu commits, %.1f an act, %zu texts\n", rec.statements.size(), rec.Commits(),
                double(rec.statements.size()) / double(all.Acts()), rec.texts.size());
    if (argc > 2) {
      std::map<std::string, int> n;
      for (auto& s : rec.statements) ++n[rec.texts[s.sql]];
      for (auto& [t, c] : n) std::printf("%6.2f %s\n", c / double(all.Acts()), t.c_str());
    }
    for (int i = 0; i < 3; ++i) {
      const std::string n = std::to_string(i);
      fs::copy_file(base, dir / ("f" + n));
      fs::copy_file(base, dir / ("d" + n));
      fs::copy_file(base, dir / ("t" + n));
      const double f = sqlite::Replay(dir / ("f" + n), rec);
      Course c("sqlite:" + (dir / ("d" + n)), 2);
      double t = WallSeconds();
      c.Run(all);
      t = WallSeconds() - t;
      Course g("sqlite:" + (dir / ("t" + n)), 2);
      double u = WallSeconds();
      double w = g.RunTogether(all, 32);
      u = WallSeconds() - u;
      const double a = double(all.Acts());
      std::printf("floor %.0f desk %.0f (%.2f) 32: %.0f (%.2f) wait %.1f ms\n", a / f, a / t, f / t, a / u, f / u, w * 1000);
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
