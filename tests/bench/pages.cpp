#include "tests/bench/pages.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "storage/people.h"
#include "tests/bench/course.h"
#include "tests/bench/floor.h"
#include "tests/bench/measure.h"
#include "tests/support/temp_directory.h"
#include "web/assets.h"
#include "web/drawings.h"
#include "web/health.h"
#include "web/meters.h"
#include "web/page.h"
#include "web/pipeline.h"
#include "web/request.h"
#include "web/services.h"
#include "web/session.h"
#include "web/visit.h"

namespace aiguillage::bench {
namespace {

class NoBody : public web::BodySource {
 public:
  std::size_t Read(char*, std::size_t) override { return 0; }
};

std::string StandInBootstrap(const test::TempDirectory& folder) {
  std::ofstream(folder / "bootstrap.min.css") << "/* of no weight here */";
  return folder / "bootstrap.min.css";
}

// The house that answers, and people who are logged in.
class House {
 public:
  explicit House(Course& course)
      : services_{course.database(), course.desk(), course.catalog(), meters_, {}},
        assets_(AIGUILLAGE_SOURCE_DIR "/web/assets", StandInBootstrap(folder_)),
        pages_(AIGUILLAGE_SOURCE_DIR "/web/templates"),
        drawings_(folder_.path()),
        house_{services_, pages_, attendance_, health_, assets_, drawings_} {
    services_.options.files_dir = folder_.path();
    services_.clock = [] { return kNow; };
  }

  void LogIn(const std::string& who, std::int64_t person) {
    services_.database.Write([&](storage::Session& session) {
      storage::EndWebSession(session, storage::Sha256("token-" + who));
      storage::InsertWebSession(
          session, {storage::Sha256("token-" + who), person, "test", "csrf", kNow, kNow});
    });
  }

  std::size_t Get(const std::string& uri, const std::string& who) {
    NoBody nothing;
    const web::RequestHead head{
        "GET", uri, {{"Cookie", "__Host-session=token-" + who}}, "127.0.0.1"};
    const auto response = web::Answer(house_, head, nothing);
    if (response.status != 200) {
      throw std::runtime_error("Expected " + uri + ", but got " + std::to_string(response.status));
    }
    return response.body.size();
  }

 private:
  static constexpr std::int64_t kNow = 1'797'000'000'000;  // after the course's acts

  test::TempDirectory folder_;
  web::Meters meters_;
  web::Services services_;
  web::Health health_{[] {}};
  web::Assets assets_;
  web::Pages pages_;
  web::Attendance attendance_;
  web::Drawings drawings_;
  web::House house_;
};

// The median of nine, after one that warms the caches.
void Measure(House& house, const std::string& what, const std::string& uri, const std::string& who,
             double goal, Goals& goals) {
  house.Get(uri, who);
  std::vector<double> inside, whole;
  std::size_t size = 0;
  for (int i = 0; i < 9; ++i) {
    sqlite::MillisecondsInside();
    const double start = WallSeconds();
    size = house.Get(uri, who);
    whole.push_back((WallSeconds() - start) * 1000);
    inside.push_back(sqlite::MillisecondsInside());
  }
  std::sort(inside.begin(), inside.end());
  std::sort(whole.begin(), whole.end());
  const std::string note = "the page whole: " + Round(whole[4]) + " ms, " +
                           Round(static_cast<double>(size) / 1024) + " KB";
  if (goal > 0) {
    goals.AtMost(what, inside[4], goal, "ms in it", note);
  } else {
    goals.Said(what, inside[4], "ms in it", note);
  }
}

}  // namespace

void MeasurePages(const std::string& url, std::int64_t projects, Goals& goals) {
  Course course(url, 31);
  House house(course);
  house.LogIn("lead", course.Person("chef.numerique@exemple.invalid"));
  house.LogIn("officer", course.Person("instruction@exemple.invalid"));
  house.LogIn("pilot", course.Person("pilote@exemple.invalid"));
  house.LogIn("holder", course.Person("porteur7@exemple.invalid"));
  const std::string project = "/projets/" + course.FindNumber(projects / 2);
  Measure(house, "worklist of a lead", "/taches", "lead", 5, goals);
  Measure(house, "worklist of the case officer", "/taches", "officer", 5, goals);
  Measure(house, "worklist of a holder", "/taches", "holder", 5, goals);
  Measure(house, "pipeline counts", "/pilotage?appel=mentor-2026", "pilot", 5, goals);
  Measure(house, "project page, the pilot's", project, "pilot", 5, goals);
  Measure(house, "project page, the officer's", project, "officer", 5, goals);
  Measure(house, "register of projects", "/projets", "pilot", 0, goals);
  Measure(house, "search for a word that every project has", "/projets?q=accueillir", "pilot", 0,
          goals);
}

}  // namespace aiguillage::bench
